/** One's account from profile to end, in a browser against a real house, with a friend who sees what there is to see. */
import { readFile } from "node:fs/promises"
import { sentences } from "@teahouse/protocol/error-sentence.ts"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { unzip } from "../../packages/web/src/screens/export/unzip.fixture.ts"
import { axe } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese } from "./names.ts"
import { befriend, openTab, type Person, person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const OTHER = "a lantern above the old bridge"
const WORDS = "To be read in ten years: 十年后再读 <b>&"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

/** A head that claims 30,000 × 30,000 pixels and nothing behind it. */
const bomb = Buffer.from(
  "89504e470d0a1a0a0000000d49484452000075300000753008060000000000000000000049454e44ae426082",
  "hex",
)

/**
 * The chooser of a folder is the browser's own window; what it would give is a folder all the same. The first time it refuses to
 * open, as it does when the click was too long ago.
 */
const giveFolder = (page: Page) =>
  page.evaluate(() => {
    let asked = 0
    const pick = async () => {
      if (asked++ === 0) throw new DOMException("the click was too long ago", "SecurityError")
      return (await navigator.storage.getDirectory()).getDirectoryHandle("out", { create: true })
    }
    Object.assign(globalThis, { showDirectoryPicker: pick })
  })
const filesIn = (page: Page) =>
  page.evaluate(async () => {
    const found: Record<string, string> = {}
    const walk = async (folder: FileSystemDirectoryHandle, path: string) => {
      for await (const [name, handle] of folder.entries())
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path}${name}/`)
        else if (handle instanceof FileSystemFileHandle)
          found[path + name] = await (await handle.getFile()).text()
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle("out"), "")
    return found
  })
const ending = (names: Iterable<string>) => [...names].map((name) => name.replace(/^[^/]+\//, "")).sort()

describe.runIf(chromium)("an account", () => {
  let browser: Browser
  let house: House
  let lan: Person
  let bo: Person
  let code: string

  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse()
    const arrive = async (username: string) => {
      // axe writes a script into the page, which our policy would rightly refuse.
      const profile = await browser.newContext({
        ...{
          locale: "en-US",
          viewport: { width: 1280, height: 800 },
          bypassCSP: true,
          reducedMotion: "reduce",
        },
      })
      await profile.grantPermissions(["notifications"], { origin: house.url })
      // Without a chooser of folders there is a zip file.
      await profile.addInitScript(() => Object.assign(globalThis, { showDirectoryPicker: undefined }))
      const one = await openTab(profile, house.url)
      return { one, code: await one.createAccount(username, SECRET) }
    }
    lan = (await arrive("lan")).one
    const second = await arrive("bo")
    bo = second.one
    code = second.code
    await befriend(bo, "bo", lan, "lan")
  })
  afterAll(async () => {
    await browser?.close()
    await house?.remove()
  })

  test("the profile: nickname, status line and a picture without what a camera wrote, as a friend sees them", async () => {
    await lan.go("Settings")
    await lan.named("textbox", "Nickname").fill("茶".repeat(10_000))
    await lan.named("button", "Save").click()
    await lan.page.getByRole("alert").waitFor()
    await lan.named("textbox", "Nickname").fill("Lan of the garden")
    await lan.named("textbox", "Status line").fill("Brewing")
    await lan.named("button", "Save").click()
    await lan.page.getByText("Saved", { exact: true }).waitFor()

    const drawn = await lan.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(900, 500)
      const pen = canvas.getContext("2d")
      if (!pen) throw new Error("no canvas")
      pen.fillStyle = "#2c7a4c"
      pen.fillRect(0, 0, 900, 500)
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer())]
    })
    // A marker of its own right after the beginning, as a camera would write it.
    const exif = Buffer.from("Exif\0\0 Camera at 39.9N 116.4E")
    const marker = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif])
    const photograph = Buffer.concat([Buffer.from(drawn.slice(0, 2)), marker, Buffer.from(drawn.slice(2))])
    const choose = (name: string, buffer: Buffer) =>
      lan.page.getByLabel("Change picture").setInputFiles({ name, mimeType: "image/jpeg", buffer })
    for (const [name, bytes] of [
      ["broken.jpg", Buffer.from("not a picture")],
      ["bomb.png", bomb],
    ] as const) {
      await choose(name, bytes)
      await lan.page.getByText("This file is not a picture that can be read.").waitFor()
    }
    await choose("me.jpg", photograph)
    await lan.named("button", "Remove picture").waitFor()

    await bo.go("Contacts")
    await bo.page.getByRole("link", { name: /Lan of the garden/ }).click()
    await bo.page.getByText("Brewing").waitFor()
    const picture = bo.page.locator("main img[src^='data:']").last()
    await picture.waitFor()
    const source = (await picture.getAttribute("src")) ?? ""
    expect(source.length).toBeLessThan(34_000)
    expect(Buffer.from(source.split(",")[1] ?? "", "base64").includes("Camera")).toBe(false)
  })

  test("privacy: boxes tick at once and keep; a push service that is not there is said, and the box falls back", async () => {
    const boxes = ["Show others what I have read", "Show others that I am typing"].map((name) =>
      lan.named("checkbox", name),
    )
    for (const box of boxes) {
      await box.click()
      expect(await box.isChecked()).toBe(false)
    }
    // Two switches of one record, one right after the other.
    await lan.named("checkbox", "Hide who wrote and what").check()
    await lan.named("radio", "On").check()
    await lan.page.reload()
    for (const box of boxes) await expect.poll(() => box.isChecked()).toBe(false)
    await expect.poll(() => lan.named("checkbox", "Hide who wrote and what").isChecked()).toBe(true)
    await expect.poll(() => lan.named("radio", "On").isChecked()).toBe(true)

    const push = lan.named("checkbox", "Also while Teahouse is closed")
    await push.click()
    await lan.page.getByText("The browser's push service could not be reached").waitFor()
    await expect.poll(() => push.isChecked()).toBe(false)
  })

  test("export, in Chinese: the password first, one chat as a zip file, everything into a folder, each to be read without us", async () => {
    await lan.go("Settings")
    await lan.named("radio", "简体中文").check()
    const here = person(lan.page, chinese)
    await here.openChat("bo")
    await here.say(WORDS)
    const [chooser] = await Promise.all([
      lan.page.waitForEvent("filechooser"),
      here.named("button", "Attach file").click(),
    ])
    await chooser.setFiles({ name: "leaf.txt", mimeType: "text/plain", buffer: Buffer.from("green") })
    const send = { name: chinese("Send"), exact: true }
    await here.named("dialog", "Send files").getByRole("button", send).click()
    const log = bo.named("log", "Messages")
    await bo.openChat("Lan of the garden")
    await log.getByText("leaf.txt").first().waitFor()

    await here.named("button", "Chat details").click()
    await lan.page
      .getByText(chinese("What is exported is not sealed any more: whoever opens it can read it."))
      .waitFor()
    let downloads = 0
    lan.page.on("download", () => downloads++)
    await here.named("button", "Export chat").click()
    const dialog = here.named("dialog", "Enter your password to export")
    const password = dialog.getByLabel(chinese("Password"), { exact: true })
    await password.fill("a wrong password")
    await password.press("Enter")
    await dialog.getByRole("alert").getByText(sentences.wrong_credentials.zh).waitFor()
    expect(await axe(lan.page)).toEqual([])
    expect(downloads).toBe(0)
    await password.fill(SECRET)
    const [download] = await Promise.all([lan.page.waitForEvent("download"), password.press("Enter")])
    const done = lan.page.getByText(chinese("Everything is written."))
    await done.waitFor()
    const zip = unzip(await readFile(await download.path()))
    const text = (name: string) => [...zip].find(([path]) => path.endsWith(name))?.[1].text ?? ""
    expect(ending(zip.keys())).toEqual([
      expect.stringMatching(/^files\/\d+ leaf\.txt$/),
      ...["messages.html", "messages.json"],
    ])
    expect(text("leaf.txt")).toBe("green")
    expect(text("messages.html")).toContain("十年后再读 &lt;b&gt;&amp;")
    const said = JSON.parse(text("messages.json")) as { messages: { text?: string }[] }
    expect(said.messages.filter((one) => one.text === WORDS)).toHaveLength(1)

    // The proof is fresh: nobody is asked again.
    await giveFolder(lan.page)
    await here.go("Settings")
    await here.named("button", "Export everything").click()
    await lan.page.getByText(chinese("The password is right. Now choose the folder.")).waitFor()
    await here.named("button", "Choose folder for the export").click()
    await done.waitFor()
    const files = await filesIn(lan.page)
    expect(Object.keys(files).filter((path) => path.endsWith("messages.html"))).toHaveLength(2)
    const [page] = Object.entries(files).find(([path]) => /^bo\/messages\.html$/.test(path)) ?? []
    expect(files[page ?? ""]).toContain("十年后再读")
    expect(Object.entries(files).find(([path]) => path.endsWith("leaf.txt"))?.[1]).toBe("green")
    expect(files["我的资料/profile.html"]).toContain("Lan of the garden")
    expect(files["我的资料/profile.html"]).toContain('src="picture.')
    expect(files["我的资料/contacts.html"]).toContain("<dt>用户名</dt><dd><bdi>bo</bdi></dd>")
    await lan.named("radio", "English").check()
  })

  test("the password: changed in the settings, and set by the recovery code, which another one follows", async () => {
    const field = (name: string) => bo.page.getByLabel(name, { exact: true })
    // Not whose password was asked for so often already: the house lets nobody try more than five times a minute.
    await bo.go("Settings")
    await bo.named("button", "Change password").click()
    const dialog = bo.named("dialog", "Change password")
    const change = dialog.getByRole("button", { name: "Change password" })
    await field("Current password").fill("a wrong password")
    await field("New password").fill(OTHER)
    await change.click()
    await dialog.getByText("The current password is not right.").waitFor()
    expect(await axe(bo.page)).toEqual([])
    await field("Current password").fill(SECRET)
    await change.click()
    await bo.page.getByText("The password is changed.").waitFor()
    await dialog.waitFor({ state: "hidden" })
    await bo.named("button", "Sign out").click()
    await bo.signIn("bo", OTHER)

    await bo.go("Settings")
    await bo.named("button", "Sign out").click()
    await bo.named("link", "Use recovery code").click()
    expect(await field("Username").inputValue()).toBe("bo")
    await field("Recovery code").fill(code.toLowerCase())
    await field("New password").fill(SECRET)
    await bo.named("button", "Set new password").click()
    const next = bo.named("dialog", "Recovery code")
    expect(await next.getByText(/^(\w{4}-){6}\w{4}$/).textContent()).not.toBe(code)
    await next.getByRole("button", { name: "I have saved it" }).click()
    await bo.openChat("Lan of the garden")
    await bo.sees(WORDS)
  })

  test("the end: what it means is said, the password is asked for, the name is gone, and the friend is told", async () => {
    await lan.named("button", "Delete account").click()
    const dialog = lan.named("dialog", "Delete this account for good?")
    await dialog.getByText("Nobody can undo this").waitFor()
    const confirm = dialog.getByRole("button", { name: "Delete account" })
    await confirm.click()
    await dialog.getByText("Please enter your password to confirm.").waitFor()
    await dialog.getByLabel("Password, to confirm").fill("a wrong password")
    await confirm.click()
    await dialog.getByText("The username or password is not right.").waitFor()
    expect(await axe(lan.page)).toEqual([])
    await dialog.getByLabel("Password, to confirm").fill(SECRET)
    await confirm.click()
    await lan.named("button", "Sign in").waitFor()

    await lan.named("textbox", "Username").fill("lan")
    await lan.page.getByLabel("Password", { exact: true }).fill(SECRET)
    await lan.named("button", "Sign in").click()
    await lan.page.getByText("The username or password is not right.").waitFor()

    // What was said stays with whoever received it; nothing more can be said.
    await bo.sees(WORDS)
    await bo.page.getByText("You are not friends at the moment, so nothing can be sent here.").waitFor()
    await bo.named("button", "Ask again to be friends").click()
    await bo.named("button", "Send request").click()
    await bo.named("dialog", "Add friend").getByRole("alert").waitFor()
    await bo.page.keyboard.press("Escape")
    await bo.go("Contacts")
    await bo.page.getByRole("link", { name: /Lan of the garden/ }).waitFor({ state: "hidden" })
  })
})
