/**
 * A terminal and a browser: first as two people, then as two devices of one account. The program runs on a pseudo-terminal, the page in
 * Chromium, and at the end what the terminal takes out as data is what the page shows.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser, Locator } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import {
  onTerminal,
  openPseudo,
  PROGRAM,
  type Pseudo,
  surroundings,
} from "../../packages/terminal/src/chat/pseudo-terminal.fixture.ts"
import { en } from "../../packages/web/src/text/en.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)
const UP = "\x1b[A"
const run = promisify(execFile)

const log = (one: Person) => one.named("log", "Messages")
const message = (one: Person, text: string) => log(one).getByRole("article").filter({ hasText: text }).last()

async function choose(one: Person, of: Locator, item: string): Promise<void> {
  await of.focus()
  await one.page.keyboard.press("Shift+F10")
  await one.page.getByRole("menuitem", { name: item, exact: true }).click()
}

describe.runIf(chromium && onTerminal())("a terminal and a browser", () => {
  let folder: string
  let browser: Browser
  let house: House
  let terminal: Pseudo
  let bo: Person

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-both-"))
    ;[browser, house] = await Promise.all([openBrowser(), openHouse()])
  })
  afterAll(async () => {
    terminal?.type("\x11")
    await terminal?.ended
    await browser?.close()
    await house?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  test("two people, one in each, become friends and talk in words, answers, signs, files and pictures", async () => {
    terminal = openPseudo(folder, [house.url, "--profile", "lan", "--lang", "en"], { columns: 100, rows: 40 })
    const arriving = openTab(await openProfile(browser), house.url)
    await terminal.sees("Create account")
    terminal.type("\x1b[B\r")
    await terminal.sees("Password again")
    terminal.type(`lan\t${SECRET}\t${SECRET}\r`)
    bo = await arriving
    await bo.createAccount("bo", SECRET)
    await terminal.sees(/([0-9A-Z]{4}-){6}[0-9A-Z]{4}/)
    terminal.type(`${/([0-9A-Z]{4}-){6}([0-9A-Z]{4})/.exec(terminal.screen())?.[2]}\r`)
    await terminal.sees("Notes to myself")

    terminal.type("/add bo 我是兰，一起喝茶？\r")
    await terminal.sees("bo was asked")
    await bo.go("Contacts")
    await bo.named("list", "Friend requests").getByText("我是兰，一起喝茶？").waitFor()
    await bo.accept("lan")
    await bo.openChat("lan")
    await terminal.sees(/bo +│|bo +\d.*│/)
    terminal.type("/chat bo\r")
    await terminal.sees("Message to bo")

    terminal.type("三点喝茶，好吗？:teapot:\r")
    await message(bo, "三点喝茶，好吗？🫖").waitFor()
    await choose(bo, message(bo, "三点喝茶"), "Reply")
    await bo.say("四点吧 👩‍👩‍👧 🍵")
    await terminal.sees(/▏lan: 三点喝茶，好吗？🫖\s*\n.*四点吧 👩‍👩‍👧 🍵/)
    terminal.type(`${UP}r`)
    await terminal.sees("Reply to bo: 四点吧")
    terminal.type("好的\r")
    await message(bo, "好的").getByText("四点吧 👩‍👩‍👧 🍵").waitFor()
    terminal.type(`${UP}${UP}+`)
    await terminal.sees("React with")
    terminal.type("\r")
    await log(bo).getByRole("button", { name: /^👍 1/ }).waitFor()
    await log(bo).getByRole("button", { name: /^👍 1/ }).click()
    await terminal.sees("👍 2")

    writeFileSync(join(folder, "茶单.txt"), "first flush\n".repeat(1000))
    terminal.type(`/file ${join(folder, "茶单.txt")}\r`)
    await message(bo, "茶单.txt").getByText("12 KB").waitFor()
    writeFileSync(join(folder, "hill.png"), png(64, 48))
    terminal.type(`/file ${join(folder, "hill.png")}\r`)
    await drawn(bo, "hill.png")
    const [chooser] = await Promise.all([
      bo.page.waitForEvent("filechooser"),
      bo.named("button", "Attach file").click(),
    ])
    await chooser.setFiles([
      { name: "cup.png", mimeType: "image/png", buffer: Buffer.from(png(48, 32)) },
      { name: "leaf.txt", mimeType: "text/plain", buffer: Buffer.from("green") },
    ])
    await bo.named("dialog", "Send files").getByRole("button", { name: "Send" }).click()
    await terminal.sees(/\[Picture\] cup\.png[^\n]*\n.*▀▀▀/)
    const saved = join(folder, "profiles", "lan", "saved", "leaf.txt")
    await expect.poll(() => readOr(saved)).toBe("green")

    terminal.type("\x1bOR")
    await terminal.sees("Type words")
    terminal.type("四点")
    await terminal.sees(/bo: 四点吧.*bo · /)
    terminal.type("\r")
    await terminal.sees(/▌ {2}四点吧/)
    terminal.type("\x1b")
    await terminal.sees("F1 help")
    terminal.type("\x1b")
    await terminal.seesNot("↓ more")
  })

  test("two devices of one account have the same history, whichever of them does something", async () => {
    const page = await openTab(await openProfile(browser), house.url)
    const signIn = page.named("link", "Sign in")
    await signIn.or(page.named("textbox", "Username")).first().waitFor()
    if (await signIn.isVisible()) await signIn.click()
    await page.signIn("lan", SECRET)
    await page.openChat("bo")
    for (const text of ["三点喝茶，好吗？🫖", "好的", "茶单.txt", "leaf.txt"])
      await message(page, text).waitFor()
    for (const picture of ["hill.png", "cup.png"]) await drawn(page, picture)

    // Sent here, seen there as one's own; an edit and a recall the same.
    await page.say("从网页说")
    await terminal.sees(/从网页说 +✓/)
    await terminal.sees(/You {2}\d\d?:\d\d[^\n]*\n.*从网页说/)
    terminal.type("从终端说\r")
    await message(page, "从终端说").waitFor()
    await message(bo, "从终端说").waitFor()
    terminal.type(UP)
    await terminal.sees("r reply")
    terminal.type("e")
    await terminal.sees("› 从终端说")
    terminal.type("，再说一遍\r")
    await message(page, "从终端说，再说一遍").getByText("edited", { exact: true }).waitFor()
    await choose(page, message(page, "从网页说"), "Edit")
    await page.say("从网页改")
    await terminal.sees(/从网页改 +edited/)
    await page.say("taken back by the page")
    await terminal.sees("taken back by the page")
    await choose(page, message(page, "taken back by the page"), "Recall")
    await terminal.seesNot("taken back by the page")
    await terminal.sees("You recalled a message")
    terminal.type("taken back by the terminal\r")
    await message(page, "taken back by the terminal").waitFor()
    await terminal.sees(/taken back by the terminal +✓/)
    terminal.type(UP)
    await terminal.sees("r reply")
    terminal.type("u")
    await terminal.sees("Recall this message?")
    terminal.type("\x1b[B\r")
    await message(page, "taken back by the terminal").waitFor({ state: "detached" })

    // Both count what nobody has read yet. (That what is read here is read there follows within a minute: chat/app/together.serial.test.ts.)
    const unread = page.named("list", "Chats").getByRole("listitem").filter({ hasText: "bo" })
    await page.openChat("Notes to self")
    terminal.type("/chat Notes to myself\r")
    await terminal.sees("Go to chat")
    terminal.type("\r")
    await terminal.sees("Message to Notes to myself")
    await bo.say("读到了吗？")
    await unread.getByText("1", { exact: true }).waitFor()
    await terminal.sees(/bo +1 │/)
    terminal.type("/chat bo\r")
    await terminal.sees("读到了吗？")
    await page.openChat("bo")
    await message(page, "读到了吗？").waitFor()

    terminal.type("\x11")
    await terminal.ended
    expect(terminal.written()).toContain("ended with 0")
    const out = join(folder, "out")
    await run(process.execPath, [PROGRAM, "export", "--profile", "lan", "--to", out], {
      env: surroundings(folder),
    })
    const { messages } = JSON.parse(readFileSync(join(out, "bo", "messages.json"), "utf8")) as {
      messages: Exported[]
    }
    const kept = messages.filter(({ kind }) => kind !== undefined).map(asSaid)
    expect(kept.length).toBeGreaterThan(9)
    expect(await shown(page)).toEqual(kept)
    expect(await shown(bo)).toEqual(kept.map(({ from, ...more }) => ({ ...more, from: other(from) })))
  })
})

const readOr = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const drawn = async (one: Person, name: string) => {
  const picture = one.page.getByRole("img", { name, exact: true })
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
}

/** What both sides can say of a message in the same words. */
type Said = {
  readonly from: string
  readonly text: string
  readonly edited: boolean
  readonly reactions: readonly string[]
}
type Exported = {
  readonly kind?: string
  readonly mine?: boolean
  readonly from: { readonly name: string }
  readonly text: string
  readonly edited?: boolean
  readonly file?: { readonly name: string }
  readonly reply?: { readonly from: string; readonly text: string }
  readonly reactions?: readonly { readonly emoji: string; readonly people: readonly string[] }[]
}
const other = (from: string) => (from === "You" ? "lan" : "You")

const asSaid = (one: Exported): Said => ({
  from: one.mine ? "You" : one.from.name,
  text: `${one.reply ? `${en.quoteOf(one.reply.from, one.reply.text)}. ` : ""}${one.file?.name ?? one.text}`,
  edited: one.edited ?? false,
  reactions: (one.reactions ?? []).map(({ emoji, people }) => `${emoji} ${people.length}`),
})

/** Of a page, by the names that its articles have: "You, 10:20 PM: [In reply to …: …. ]text[, edited][, 👍 2]". */
async function shown(one: Person): Promise<Said[]> {
  const labels = await log(one)
    .getByRole("article")
    .evaluateAll((all) => all.map((article) => article.getAttribute("aria-label") ?? ""))
  return labels.map((label) => {
    const [, from = "", said = ""] = /^(.+?), \d{1,2}:\d\d\s[AP]M: (.*)$/s.exec(label) ?? []
    const [words = "", ...marks] = said.split(", ")
    return {
      from,
      text: words,
      edited: marks.includes("edited"),
      reactions: marks.filter((mark) => /^\p{Extended_Pictographic}/u.test(mark)),
    }
  })
}
