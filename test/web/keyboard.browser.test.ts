/** UX 33 and 35 with the keyboard alone, on the made-up house: shortcuts, the switcher, the way round the page, and back. */
import type { Browser, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser, openProfile, PATIENCE } from "../browser.ts"
import { type FakePage, openFakePage } from "../fake-page.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const chromium = need("Chromium (the keyboard)", chromiumPath() !== undefined)
const patience = { timeout: PATIENCE }

describe.runIf(chromium)("the keyboard", () => {
  let browser: Browser
  let house: FakePage
  let page: Page

  const heading = () =>
    page.locator('[data-region="conversation"]').getByRole("heading", { level: 1 }).textContent(patience)
  const rows = () => page.getByRole("list", { name: "Chats" }).getByRole("link").allTextContents()
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest("[data-region]")?.getAttribute("data-region"))

  beforeAll(async () => {
    house = await openFakePage()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    house?.close()
  })
  beforeEach(async () => {
    page = await (await openProfile(browser)).newPage()
    await page.goto(`${house.url}/1/chats?fake=full`)
    await page.getByRole("list", { name: "Chats" }).getByRole("link").first().waitFor()
  })
  afterEach(() => page.context().close())

  test("UX 33: Ctrl+K finds a chat by characters, pinyin and initials; Esc closes and gives the focus back", async () => {
    const settings = page.getByRole("navigation", { name: "Main" }).getByRole("link").last()
    await settings.focus()
    await page.keyboard.press("Control+k")
    const dialog = page.getByRole("dialog", { name: "Switch chat" })
    const field = dialog.getByRole("combobox", { name: "Switch chat" })
    await expect
      .poll(() => field.evaluate((element) => element === document.activeElement), patience)
      .toBe(true)
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "hidden" })
    expect(await settings.evaluate((element) => element === document.activeElement)).toBe(true)
    for (const query of ["张", "zhangwei", "zw"]) {
      await page.keyboard.press("Control+k")
      await field.fill(query)
      await expect
        .poll(() => dialog.getByRole("option").allTextContents(), patience)
        .toEqual([expect.stringContaining("张伟")])
      await page.keyboard.press("Enter")
      await dialog.waitFor({ state: "hidden" })
      await expect.poll(heading, patience).toContain("张伟")
    }
    await page.keyboard.press("Control+k")
    await field.fill("nobody is called so")
    await dialog.getByText("Nothing found.").waitFor()
  })

  test("UX 5: a word that is being composed chooses no chat", async () => {
    await page.keyboard.press("Control+k")
    const dialog = page.getByRole("dialog", { name: "Switch chat" })
    await dialog.getByRole("option").first().waitFor()
    const before = await dialog.getByRole("option").count()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send("Input.imeSetComposition", { text: "zhang", selectionStart: 5, selectionEnd: 5 })
    await page.keyboard.press("Enter")
    expect(await dialog.isVisible()).toBe(true)
    expect(await dialog.getByRole("option").count()).toBe(before)
  })

  test("UX 33: Alt and arrows walk the list, with Shift the unread ones", async () => {
    const [first = "", second = ""] = await rows()
    await page.keyboard.press("Alt+ArrowDown")
    await expect.poll(heading, patience).toContain(first)
    await page.keyboard.press("Alt+ArrowDown")
    await expect.poll(heading, patience).toContain(second)
    await page.keyboard.press("Alt+ArrowUp")
    await expect.poll(heading, patience).toContain(first)
    await page.keyboard.press("Alt+Shift+ArrowDown")
    await expect.poll(heading, patience).toContain("emma")
  })

  test("UX 33: F6 goes round the page and comes back to where one was", async () => {
    await page.keyboard.press("Alt+ArrowDown")
    const composer = page.getByRole("textbox", { name: "Message" })
    await composer.focus()
    const seen: unknown[] = []
    for (let n = 0; n < 3; n++) {
      await page.keyboard.press("F6")
      seen.push(await focused())
    }
    expect(seen).toEqual(["main", "list", "conversation"])
    expect(await composer.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press("Shift+F6")
    expect(await focused()).toBe("list")
  })

  test("UX 33: Ctrl+/ lists them all, and axe has nothing to say", async () => {
    await page.keyboard.press("Control+/")
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" })
    await dialog.waitFor()
    expect(await dialog.getByRole("term").count()).toBeGreaterThanOrEqual(12)
    expect(await axe(page)).toEqual([])
  })

  test("UX 33: Ctrl+Shift+U asks for files; Esc goes to the latest message; Shift+PgUp to the oldest unread one", async () => {
    await page.keyboard.press("Alt+Shift+ArrowDown")
    await page.keyboard.press("Alt+Shift+ArrowDown")
    await expect.poll(heading, patience).toContain("emma")
    const log = page.getByRole("log", { name: "Messages" })
    const below = () =>
      log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
    await expect.poll(below, patience).toBeGreaterThan(80)
    await page.keyboard.press("Escape")
    await expect.poll(below, patience).toBeLessThan(80)
    // Asked for before anything is pressed: the browser must know of it when the keys come, which go another way.
    const chooser = page.waitForEvent("filechooser")
    await page.keyboard.press("Shift+PageUp")
    await expect.poll(below, patience).toBeGreaterThan(80)
    await page.keyboard.press("Control+Shift+U")
    expect((await chooser).isMultiple()).toBe(true)
  })
})
