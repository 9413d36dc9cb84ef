/** The page's import, in both languages: a folder with its pictures, what could not be read, the lines in the chat, deleting all of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { en } from "../../packages/web/src/text/en.ts"
import { zh } from "../../packages/web/src/text/zh-CN.ts"
import { axe } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { chinese, english } from "../journey/names.ts"
import { openTab } from "../journey/person.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const chromium = need("Chromium (the import in a browser)", chromiumPath() !== undefined)
const SHOTS = process.env.TEAHOUSE_SHOTS
const AT = 1_500_000_000

function exportIn(folder: string): void {
  const message = (id: number, more: object) => ({
    ...{ id, type: "message", date_unixtime: String(AT + 60 * id), from: id % 2 ? "韩梅梅" : "Li Lei" },
    ...more,
  })
  const messages = [
    ...Array.from({ length: 300 }, (_, id) => message(id, { text: `第 ${id} 杯茶 🍵` })),
    message(301, { text: "龙井", photo: "photos/cup.png" }),
    message(302, { text: "gone", photo: "photos/none.png" }),
  ]
  mkdirSync(join(folder, "photos"), { recursive: true })
  writeFileSync(join(folder, "photos", "cup.png"), png(96, 64))
  writeFileSync(
    join(folder, "result.json"),
    JSON.stringify({ name: "茶友", type: "personal_chat", id: 1, messages }),
  )
}

describe.runIf(chromium)("importing in the page", () => {
  let browser: Browser
  let house: House
  let folder: string
  beforeAll(async () => {
    ;[browser, house] = await Promise.all([openBrowser(), openHouse()])
    folder = join(mkdtempSync(join(tmpdir(), "teahouse-page-import-")), "ChatExport")
    exportIn(folder)
  })
  afterAll(async () => {
    await browser?.close()
    await house?.remove()
    rmSync(join(folder, ".."), { recursive: true, force: true })
  })

  test.each([
    ["English", "en-US", english, en, "lan"],
    ["中文", "zh-CN", chinese, zh, "mei"],
  ] as const)("%s", async (_, locale, names, text, user) => {
    // In the other language: the page and the lines. What is refused and deleted is the same in both.
    const whole = locale === "en-US"
    const viewport = { width: 1100, height: 800 }
    const profile = await browser.newContext({ locale, viewport, reducedMotion: "reduce", bypassCSP: true })
    const one = await openTab(profile, house.url, names)
    await one.createAccount(user, "three quiet cups of oolong")
    await one.go("Settings")
    const card = one.page.getByRole("region", { name: text.importTitle })
    const pick = async (button: string, files: string) => {
      const [chooser] = await Promise.all([
        one.page.waitForEvent("filechooser"),
        card.getByRole("button", { name: button, exact: true }).click(),
      ])
      await chooser.setFiles(files)
    }
    if (whole) {
      const broken = join(folder, "..", "result.json")
      writeFileSync(broken, '{"name":"x","messages":[')
      await pick(text.importFile, broken)
      await card.getByText(text.importCutOff).waitFor()
    }
    await pick(text.importFolder, folder)
    await card.getByText(text.importDone(302)).waitFor()
    const unread = card.getByRole("region", { name: text.importUnread })
    await unread.getByText("photos/none.png").waitFor()
    await unread.scrollIntoViewIfNeeded()
    expect(await axe(one.page)).toEqual([])
    if (SHOTS) await card.screenshot({ path: join(SHOTS, `import-${locale}.png`) })
    if (whole) {
      await pick(text.importFolder, folder)
      await card.getByText(text.importBefore(302)).waitFor()
    }

    await one.openChat(text.selfChat)
    const log = one.named("log", "Messages")
    const line = log.getByRole("article").filter({ hasText: "龙井" }).last()
    await line.waitFor()
    const picture = line.getByRole("img", { name: "cup.png", exact: true })
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
    if (whole) {
      await line.focus()
      await one.page.keyboard.press("Shift+F10")
      const menu = one.page.getByRole("menuitem")
      await menu.first().waitFor()
      const offered = await menu.allInnerTexts()
      for (const never of [
        text.reply,
        text.react,
        text.forward,
        text.edit,
        text.recall,
        text.pin,
        text.saveMessage,
      ])
        expect(offered).not.toContain(never)
      await one.page.keyboard.press("Escape")
    }
    const label = log.getByText(text.eventImported("Telegram", "茶友"))
    for (let n = 0; n < 40 && (await label.count()) === 0; n++)
      await log.evaluate((box) => box.scrollBy(0, -600))
    await label.last().scrollIntoViewIfNeeded()
    if (SHOTS) await one.page.screenshot({ path: join(SHOTS, `imported-${locale}.png`) })

    if (whole) {
      await log.getByRole("button", { name: text.importDelete }).last().click()
      const dialog = one.page.getByRole("dialog", { name: text.importDelete })
      await dialog.getByRole("button", { name: text.importDelete }).click()
      await label.first().waitFor({ state: "detached" })
      expect(await log.getByText("杯茶").count()).toBe(0)
    }
    await profile.close()
  })
})
