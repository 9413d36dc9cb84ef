/** UX 32 on the made-up house: names and messages are found, limited, and gone to. */
import type { Browser, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser, openProfile, PATIENCE } from "../browser.ts"
import { type FakePage, openFakePage } from "../fake-page.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const chromium = need("Chromium (search)", chromiumPath() !== undefined)
const patience = { timeout: PATIENCE }

describe.runIf(chromium)("search", () => {
  let browser: Browser
  let house: FakePage
  let page: Page

  const field = () => page.getByRole("searchbox", { name: "Search" })
  const found = (list: "Chats" | "Contacts" | "Messages") =>
    page.getByRole("search").getByRole("list", { name: list }).getByRole("link")
  const heading = () =>
    page.locator('[data-region="conversation"]').getByRole("heading", { level: 1 }).textContent(patience)

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

  test("UX 32: a chat is found by characters, pinyin and initials, Enter opens it, and the list is there again", async () => {
    const before = await found("Chats").count()
    for (const query of ["张", "zhangwei", "zw"]) {
      await field().fill(query)
      await expect
        .poll(() => found("Chats").allTextContents(), patience)
        .toEqual([expect.stringContaining("张伟")])
      await field().press("Enter")
      await expect.poll(heading, patience).toContain("张伟")
      await expect.poll(() => found("Chats").count(), patience).toBe(before)
      expect(await field().inputValue()).toBe("")
    }
  })

  test("UX 32: one character finds what was said, newest first, marked, and a click goes there", async () => {
    await field().fill("茶")
    await found("Messages").first().waitFor()
    const times = await page
      .getByRole("list", { name: "Messages" })
      .locator("time")
      .evaluateAll((all) => all.map((each) => each.getAttribute("datetime") ?? ""))
    expect(times.length).toBeGreaterThan(10)
    expect(times).toEqual(times.toSorted().reverse())
    expect(await found("Messages").first().locator("mark").textContent()).toBe("茶")
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme })
      expect(await axe(page)).toEqual([])
    }
    await page.getByRole("button", { name: "Show more" }).click()
    await expect.poll(() => found("Messages").count(), patience).toBeGreaterThan(50)
    const last = found("Messages").last()
    const said = await last.locator("mark").locator("..").textContent()
    await last.click()
    await expect
      .poll(() => page.getByRole("log", { name: "Messages" }).textContent(), patience)
      .toContain(said?.slice(0, 8))
    expect(await field().inputValue()).toBe("茶")
    await field().press("Escape")
    expect(await field().inputValue()).toBe("")
    expect(await found("Messages").count()).toBe(0)
  })

  test("UX 32: chat, sender, kind and date limit what is found", async () => {
    await page.getByRole("button", { name: "Filters" }).click()
    const choose = (name: string, label: string) =>
      page.getByRole("combobox", { name, exact: true }).selectOption({ label })
    await choose("Chat", "emma")
    await choose("Sender", "emma")
    await choose("Kind", "Links")
    await found("Messages").first().waitFor()
    for (const each of await found("Messages").allTextContents()) {
      expect(each).toContain("emma · emma")
      expect(each).toContain("https://example.com")
    }
    await page.getByLabel("To", { exact: true }).fill("2001-01-01")
    await expect.poll(() => found("Messages").count(), patience).toBe(0)
    await page.getByRole("button", { name: "Filters" }).click()
    await found("Chats").first().waitFor()
  })

  test("UX 32 and 33: Ctrl+F searches in the open chat; arrows go through what is found; Esc leads back", async () => {
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "emma" }).click()
    const composer = page.getByRole("textbox", { name: "Message" })
    await composer.focus()
    await page.keyboard.press("Control+f")
    const isFocused = (element: Element) => element === document.activeElement
    await expect.poll(() => field().evaluate(isFocused), patience).toBe(true)
    await page.keyboard.type("哈哈")
    await found("Messages").first().waitFor()
    for (const each of await found("Messages").allTextContents()) expect(each).toContain("emma")
    await page.keyboard.press("ArrowDown")
    expect(await found("Messages").first().evaluate(isFocused)).toBe(true)
    await page.keyboard.press("ArrowUp")
    expect(await field().evaluate(isFocused)).toBe(true)
    await page.keyboard.press("Escape")
    await expect.poll(() => composer.evaluate(isFocused), patience).toBe(true)
  })

  test("UX 5: half-composed text finds nothing", async () => {
    await field().focus()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send("Input.imeSetComposition", { text: "茶", selectionStart: 1, selectionEnd: 1 })
    expect(await field().inputValue()).toBe("茶")
    await page.keyboard.press("Enter")
    expect(await found("Messages").count()).toBe(0)
    await devtools.send("Input.insertText", { text: "茶" })
    await found("Messages").first().waitFor()
  })
})
