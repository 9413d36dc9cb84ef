/** What people do in a conversation, on the made-up ClientPort: each test is named by the point of UX.md that it checks. */

import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser, PATIENCE } from "../browser.ts"
import { type FakePage, openFakePage } from "../fake-page.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const room = (n: number) => `${String(n).padStart(20, "0")}AA`
const CHAT = `/1/chats/${room(102)}?fake=full`
const GROUP = `/1/chats/${room(106)}?fake=full`
const LOG = "[role=log]"
const soon = { timeout: PATIENCE }

const chromium = need("Chromium (the conversation)", chromiumPath() !== undefined)

describe.runIf(chromium)("the conversation", () => {
  const faults: string[] = []
  const pages: Page[] = []
  let browser: Browser
  let house: FakePage

  beforeAll(async () => {
    house = await openFakePage()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    house?.close()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    expect(faults.splice(0)).toEqual([])
  })

  const open = async (
    path: string,
    options: Parameters<Browser["newContext"]>[0] = {},
    now?: Date,
  ): Promise<Page> => {
    const viewport = { width: 1280, height: 800 }
    const context = await browser.newContext({
      locale: "en-US",
      viewport,
      reducedMotion: "reduce",
      ...options,
    })
    const page = await context.newPage()
    if (now) await page.clock.setFixedTime(now)
    page.setDefaultTimeout(PATIENCE)
    pages.push(page)
    page.on("pageerror", (error) => faults.push(error.message))
    page.on("console", (line) => {
      if (line.type() === "error") faults.push(line.text())
    })
    await page.goto(house.url + path)
    await log(page).getByRole("article").last().waitFor()
    return page
  }
  const log = (page: Page) => page.getByRole("log", { name: "Messages" })
  const box = (page: Page) => page.getByRole("textbox", { name: "Message" })
  const article = (page: Page, text: string) =>
    log(page).getByRole("article").filter({ hasText: text }).last()
  const say = async (page: Page, text: string): Promise<Locator> => {
    await box(page).fill(text)
    await box(page).press("Enter")
    await article(page, text).getByRole("img", { name: "Sent", exact: true }).waitFor()
    return article(page, text)
  }
  const menu = async (page: Page, of: Locator, item: string) => {
    await of.click({ button: "right", position: { x: 120, y: 6 } })
    await page.getByRole("menuitem", { name: item, exact: true }).click()
  }
  const focused = (page: Page) =>
    page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
    )
  const compose = async (page: Page, text: string) => {
    const input = await page.context().newCDPSession(page)
    const end = text.length
    await input.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end })
    return input
  }

  test("Names: the menu of one's own message has exactly these items, by pointer and by keyboard", async () => {
    const page = await open(CHAT)
    const mine = await say(page, "my newest words")
    const names = [
      "Reply",
      "React",
      "Copy",
      "Forward",
      "Edit",
      "Recall",
      "Delete for me",
      "Pin",
      "Save",
      "Select",
    ]
    await mine.hover()
    await mine.getByRole("button", { name: "More" }).click()
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(names)
    await page.keyboard.press("Escape")
    await page.getByRole("menu").waitFor({ state: "detached" })
    expect(await focused(page)).toBe("More")

    await mine.focus()
    await page.keyboard.press("Shift+F10")
    await expect.poll(() => focused(page), soon).toBe("Reply")
    await page.keyboard.press("ArrowUp")
    expect(await focused(page)).toBe("React with 👍")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("End")
    expect(await focused(page)).toBe("Select")
    await page.keyboard.press("f")
    expect(await focused(page)).toBe("Forward")
    await page.keyboard.press("Escape")
    expect(await focused(page)).toContain("my newest words")
    const other = log(page)
      .getByRole("article")
      .filter({ hasNot: page.getByRole("img") })
      .last()
    await other.click({ button: "right", position: { x: 120, y: 6 } })
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(
      names.filter((name) => name !== "Edit" && name !== "Recall"),
    )
    const place = await page.getByRole("menu").boundingBox()
    expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual(800)
  })

  test("UX 8: an edit stashes the draft and brings it back; Esc cancels", async () => {
    const page = await open(CHAT)
    await say(page, "a word with a tpyo")
    await box(page).press("ArrowUp")
    await expect.poll(() => box(page).inputValue(), soon).toBe("a word with a tpyo")
    await box(page).press("Escape")
    await expect.poll(() => box(page).inputValue(), soon).toBe("")
    await box(page).fill("half a new thought")
    await menu(page, article(page, "tpyo"), "Edit")
    await expect.poll(() => box(page).inputValue(), soon).toBe("a word with a tpyo")
    await box(page).fill("a word without")
    await box(page).press("Enter")
    await article(page, "a word without").getByText("edited").waitFor()
    expect(await box(page).inputValue()).toBe("half a new thought")
    // It is the draft that is kept, not the edit.
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "李四" }).click()
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "张伟" }).click()
    await expect.poll(() => box(page).inputValue(), soon).toBe("half a new thought")
  })

  test("UX 8: a reply stands above the text, Esc takes it away, and it is quoted", async () => {
    const page = await open(CHAT)
    await say(page, "What shall we drink?")
    await menu(page, article(page, "What shall we drink?"), "Reply")
    await page.getByText("Replying to yourself").waitFor()
    await box(page).press("Escape")
    await page.getByText("Replying to yourself").waitFor({ state: "detached" })
    await menu(page, article(page, "What shall we drink?"), "Reply")
    await say(page, "Oolong")
    await article(page, "Oolong")
      .getByRole("button", { name: /^In reply to .*What shall we drink/ })
      .waitFor()
    await page.getByText("Replying to yourself").waitFor({ state: "detached" })
  })

  test("UX 5 and 11: @ finds members by pinyin, and no key of an input method reaches the list", async () => {
    const page = await open(GROUP)
    const list = page.getByRole("listbox", { name: "Mention" })
    await box(page).pressSequentially("你们好@")
    await list.getByRole("option", { name: "everyone" }).waitFor()
    await box(page).pressSequentially("zw")
    await list.getByRole("option", { name: /张伟/ }).waitFor()
    await list.getByRole("option", { name: /张无忌/ }).waitFor()
    // Half-composed: nothing is looked for, Enter and arrows belong to the input method.
    const before = await list.getByRole("option").allTextContents()
    const input = await compose(page, "zhong")
    expect(await list.getByRole("option").allTextContents()).toEqual(before)
    for (const key of ["Enter", "ArrowDown", "Escape"])
      await input.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key, windowsVirtualKeyCode: 229 })
    expect(await list.isVisible()).toBe(true)
    await input.send("Input.imeSetComposition", { text: "", selectionStart: 0, selectionEnd: 0 })
    await box(page).press("End")
    await expect.poll(() => box(page).inputValue(), soon).toBe("你们好@zw")
    await box(page).press("ArrowDown")
    await box(page).press("ArrowUp")
    await box(page).press("Enter")
    await expect.poll(() => box(page).inputValue(), soon).toBe("你们好@张伟 ")
    await box(page).pressSequentially("喝茶 @cql")
    await list.getByRole("option", { name: /重庆老王/ }).waitFor()
    await box(page).press("Escape")
    await list.waitFor({ state: "detached" })
    await box(page).press("Enter")
    await article(page, "喝茶").locator("[data-mention]", { hasText: "@张伟" }).waitFor()
    expect(await article(page, "喝茶").locator("[data-mention]").count()).toBe(1)
  })

  test("UX 19: a link ends where Chinese goes on, gives nothing away, and shows a foreign script as what it is", async () => {
    const page = await open(CHAT)
    const line = await say(page, "看https://a.com/b，很好。去www.tea.cn看看")
    expect(await line.getByRole("link").allTextContents()).toEqual(["https://a.com/b", "www.tea.cn"])
    const [href, rel, target] = await line
      .getByRole("link")
      .last()
      .evaluate((link) => ["href", "rel", "target"].map((name) => link.getAttribute(name)))
    expect([href, rel, target]).toEqual(["https://www.tea.cn/", "noopener noreferrer nofollow", "_blank"])
    const others = await say(page, "javascript:alert(1) https://аpple.com https://xn--pple-43d.com")
    expect(await others.getByRole("link").allTextContents()).toEqual(["https://xn--pple-43d.com"])
  })

  test("UX 20: marks are drawn, markup is only text, and few emoji alone are big", async () => {
    const page = await open(CHAT)
    await box(page).fill("**bold** *so* ~~not~~ `co<b>de`\n> he said\n```\n**raw**\n```\nend")
    await box(page).press("Enter")
    const marked = article(page, "he said")
    await marked.getByRole("img", { name: "Sent", exact: true }).waitFor()
    for (const [name, text] of [
      ["strong", "bold"],
      ["em", "so"],
      ["s", "not"],
      ["code", "co<b>de"],
      ["blockquote", "he said"],
      ["pre", "**raw**"],
    ] as const)
      expect(await marked.locator(name).first().textContent()).toBe(text)
    const title = await page.title()
    const evil = `<img src=x onerror="document.title='ran'"><script>document.title='ran'</script>`
    const harmless = await say(page, evil)
    await harmless.getByText(evil).waitFor()
    expect(await harmless.locator("script, img[src=x]").count()).toBe(0)
    expect(await page.title()).toBe(title)
    const size = (line: Locator, text: string) =>
      line
        .getByText(text, { exact: true })
        .evaluate((each) => Number.parseFloat(getComputedStyle(each).fontSize))
    expect(await size(await say(page, "🍵🎋"), "🍵🎋")).toBeGreaterThanOrEqual(32)
    expect(await size(await say(page, "🍵🎋🍵🎋"), "🍵🎋🍵🎋")).toBeLessThanOrEqual(16)
  })

  test("UX 31: emoji by keyboard and by search in three scripts, put in at the caret", async () => {
    const page = await open(CHAT)
    await box(page).fill("hot  please")
    await box(page).evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(4, 4))
    await page.getByRole("button", { name: "Emoji", exact: true }).click()
    const dialog = page.getByRole("dialog", { name: "Emoji" })
    const search = dialog.getByRole("searchbox")
    await dialog.getByRole("gridcell").first().waitFor()
    for (const query of ["tea", "茶", "cha"]) {
      await search.fill(query)
      await dialog.getByRole("gridcell", { name: "🍵" }).waitFor()
    }
    await search.fill("")
    const input = await compose(page, "cha")
    await input.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Enter",
      windowsVirtualKeyCode: 229,
    })
    await input.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Escape",
      windowsVirtualKeyCode: 229,
    })
    expect(await dialog.isVisible()).toBe(true)
    await input.send("Input.insertText", { text: "茶" })
    await dialog.getByRole("gridcell", { name: "🍵" }).waitFor()
    await search.fill("teacup")
    await search.press("Enter")
    await dialog.waitFor({ state: "detached" })
    await expect.poll(() => box(page).inputValue(), soon).toBe("hot 🍵 please")
    expect(await focused(page)).toBe("Message")

    await page.getByRole("button", { name: "Emoji", exact: true }).click()
    await dialog.getByRole("tab", { name: "Recent", selected: true }).waitFor()
    await dialog.getByRole("gridcell", { name: "🍵" }).waitFor()
    await dialog.getByRole("tab", { name: "People and bodies" }).click()
    await dialog.getByRole("gridcell", { name: "👋", exact: true }).waitFor()
    await dialog.getByRole("radio", { name: "Dark", exact: true }).check({ force: true })
    await dialog.getByRole("gridcell", { name: "👋🏿" }).waitFor()
    await dialog.getByRole("tab", { name: "Smileys and feelings" }).click()
    await search.press("ArrowDown")
    await expect.poll(() => focused(page), soon).toBe("😀")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    const at = await dialog
      .getByRole("gridcell")
      .evaluateAll((all) => all.indexOf(document.activeElement as never))
    expect(at).toBe(9)
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    expect(await focused(page)).toBe("Emoji")
  })

  test("UX 31: a picture becomes a sticker; stickers are walked through, sent and removed by keyboard", async () => {
    const page = await open(`/1/chats/${room(102)}?fake=files`)
    const picture = log(page)
      .getByRole("article")
      .filter({ has: page.getByRole("img", { name: "龙井.jpg", exact: true }) })
    await picture.focus()
    await page.keyboard.press("Shift+F10")
    await page.getByRole("menuitem", { name: "Add to stickers", exact: true }).click()
    await page.getByText("Added to your stickers.").waitFor()

    const dialog = page.getByRole("dialog", { name: "Emoji" })
    const cell = (name: string) => dialog.getByRole("gridcell", { name, exact: true })
    const add = (name: string, bytes: Uint8Array) =>
      dialog
        .getByLabel("Add a picture as sticker")
        .and(page.locator("input"))
        .setInputFiles({ name, mimeType: "image/png", buffer: Buffer.from(bytes) })
    await page.getByRole("button", { name: "Emoji", exact: true }).click()
    await dialog.getByRole("tab", { name: "Stickers" }).click()
    await cell("Sticker 1").waitFor()
    await add("tea house.png", png(640, 320))
    await dialog.getByText("2 of 200").waitFor()
    await add("again.png", png(640, 320))
    await dialog.getByText("It is among your stickers already.").waitFor()
    const refused: readonly [string, Uint8Array][] = [
      ["bomb.png", png(8, 8, [], { width: 60_000, height: 60_000 })],
      ["page.png", Buffer.from("<script>document.title = 'ran'</script>")],
    ]
    for (const [name, bytes] of refused) {
      await add("again.png", png(640, 320))
      await dialog.getByText("It is among your stickers already.").waitFor()
      await add(name, bytes)
      await dialog.getByText("This picture cannot be read.").waitFor()
    }
    expect(await dialog.getByRole("gridcell").count()).toBe(2)

    await dialog.getByRole("searchbox").press("ArrowDown")
    await expect.poll(() => focused(page), soon).toBe("Sticker 1")
    await page.keyboard.press("ArrowRight")
    expect(await focused(page)).toBe("Sticker 2")
    await page.keyboard.press("Delete")
    await cell("Sticker 2").waitFor({ state: "detached" })
    await expect.poll(() => focused(page), soon).toBe("Sticker 1")
    await dialog.getByRole("button", { name: "Remove stickers" }).click()
    await cell("Remove sticker 1").waitFor()
    await dialog.getByRole("button", { name: "Remove stickers" }).click()
    await cell("Sticker 1").press("Enter")
    await dialog.waitFor({ state: "detached" })
    expect(await focused(page)).toBe("Message")
    const sent = log(page).getByRole("img", { name: "Sticker", exact: true })
    await expect
      .poll(() => sent.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]), soon)
      .toEqual([240, 120])
    const { width, height } = (await sent.boundingBox()) ?? {}
    expect([width, height]).toEqual([160, 80])
    await page.getByRole("list", { name: "Chats" }).getByText("[Sticker]").waitFor()
  })

  test("UX 14: a quote leads to its message, which is marked, and there is a way back", async () => {
    const page = await open(GROUP)
    await menu(page, article(page, "第 1 条闲聊"), "Reply")
    await say(page, "about the very first one")
    await article(page, "about the very first one")
      .getByRole("button", { name: /In reply to/ })
      .click()
    await log(page).locator("[data-marked]", { hasText: "第 1 条闲聊" }).waitFor()
    expect(
      await log(page)
        .locator("[data-marked]")
        .evaluate((row) => {
          const place = row.getBoundingClientRect()
          return place.top >= 64 && place.bottom <= innerHeight
        }),
    ).toBe(true)
    await log(page).locator("[data-marked]").waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Back to where you were" }).click()
    await log(page).locator("[data-marked]", { hasText: "about the very first one" }).waitFor()
    expect(
      await article(page, "is gone")
        .getByRole("button", { name: /not here any more/ })
        .isDisabled(),
    ).toBe(true)
  })

  test("UX 18: recalled at once, said plainly, and written anew", async () => {
    const page = await open(CHAT)
    const mine = await say(page, "too hasty")
    await mine.click({ button: "right", position: { x: 120, y: 6 } })
    await page.getByText("Nobody can force the devices of others").waitFor()
    await page.getByRole("menuitem", { name: "Recall" }).click()
    await log(page).getByText("You recalled a message").waitFor()
    await page.getByRole("status").getByText("nobody can force them").waitFor()
    await log(page).getByRole("button", { name: "Edit again" }).click()
    await expect.poll(() => box(page).inputValue(), soon).toContain("too hasty")
  })

  test("Messages: reactions, from the quick row and the picker, toggled by their chip", async () => {
    const page = await open(CHAT)
    const mine = await say(page, "react to me")
    await mine.click({ button: "right", position: { x: 120, y: 6 } })
    await page.getByRole("button", { name: "React with 👍" }).click()
    const chip = mine.getByRole("button", { name: /^👍 1, you too/ })
    await chip.waitFor()
    expect(await chip.getAttribute("aria-pressed")).toBe("true")
    await menu(page, mine, "React")
    const dialog = page.getByRole("dialog", { name: "Emoji" })
    await dialog.getByRole("searchbox").fill("huo")
    await dialog.getByRole("gridcell", { name: "🔥", exact: true }).click()
    await mine.getByRole("button", { name: /^🔥 1/ }).waitFor()
    await chip.click()
    await chip.waitFor({ state: "detached" })
  })

  test("Messages: several are chosen and forwarded as one, found by initials; a bundle opens", async () => {
    const page = await open(GROUP)
    await menu(page, article(page, "第 39 条"), "Select")
    await article(page, "第 40 条").click()
    await page.getByText("2 selected").waitFor()
    await page.getByRole("button", { name: "Forward as one" }).click()
    const dialog = page.getByRole("dialog", { name: "Forward to" })
    await dialog.getByRole("searchbox").fill("zw")
    await dialog.getByRole("checkbox", { name: "张伟" }).check()
    expect(await dialog.getByRole("checkbox").count()).toBe(1)
    await dialog.getByRole("textbox", { name: "Leave a line" }).fill("看看")
    await dialog.getByRole("button", { name: "Send" }).click()
    await dialog.waitFor({ state: "detached" })
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "张伟" }).click()
    await article(page, "看看").waitFor()
    await log(page).getByRole("button", { name: /^Open/ }).last().click()
    await page.getByRole("dialog").getByText("第 40 条闲聊").waitFor()
  })

  test("Messages: a poll is made, voted in and ended", async () => {
    const page = await open(GROUP)
    await page.getByRole("button", { name: "More to send" }).click()
    await page.getByRole("menuitem", { name: "New poll" }).click()
    const dialog = page.getByRole("dialog", { name: "New poll" })
    await dialog.getByRole("textbox", { name: "Question" }).fill("When?")
    await dialog.getByRole("textbox", { name: "Option 1" }).fill("Saturday")
    await dialog.getByRole("button", { name: "Send poll" }).click()
    await dialog.getByRole("alert").waitFor()
    await dialog.getByRole("textbox", { name: "Option 2" }).fill("Sunday")
    await dialog.getByRole("button", { name: "Send poll" }).click()
    const poll = article(page, "When?")
    await poll.getByRole("radio", { name: "Sunday" }).click()
    await poll.getByText("1 vote", { exact: false }).waitFor()
    await poll.getByRole("button", { name: "End poll" }).click()
    await poll.getByText("Ended", { exact: false }).waitFor()
    expect(await poll.getByRole("radio", { name: "Sunday" }).isDisabled()).toBe(true)
  })

  test("Messages: saved, found again under Saved messages, and gone to", async () => {
    const page = await open(GROUP)
    await menu(page, article(page, "第 3 条闲聊"), "Save")
    await page.getByRole("status").getByText("Saved messages").waitFor()
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "张伟" }).click()
    await page.getByRole("button", { name: "Saved messages" }).click()
    await page.getByRole("dialog").getByText("第 3 条闲聊").waitFor()
    await page.getByRole("dialog").getByRole("button", { name: "Go to the message" }).click()
    await log(page).locator("[data-marked]", { hasText: "第 3 条闲聊" }).waitFor()
  })

  test("UX 16: ✓✓, coloured when read, and in a group who has read it", async () => {
    const page = await open(GROUP)
    await article(page, "没问题").getByRole("img", { name: "Read" }).waitFor()
    await article(page, "🍵🍵").getByRole("img", { name: "Delivered" }).waitFor()
    await article(page, "那就周六吧").getByRole("button", { name: "3/8 read" }).click()
    await page.getByRole("dialog", { name: "Who has read it" }).getByRole("list", { name: "Read" }).waitFor()
  })

  test("UX 34: one tab stop in the log; Tab goes on to the buttons of the message that has the focus", async () => {
    const page = await open(GROUP)
    await box(page).press("Shift+Tab")
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("ARTICLE")
    expect(await log(page).locator("article[tabindex='0']").count()).toBe(1)
    await page.keyboard.press("Tab")
    expect(await page.evaluate(() => document.activeElement?.closest("article") !== null)).toBe(true)
    await page.keyboard.press("ArrowUp")
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("ARTICLE")
  })

  test("UX 34: what a screen reader is told of the log", async () => {
    const page = await open(GROUP, { timezoneId: "Asia/Shanghai" }, new Date("2026-05-03T06:05:00Z"))
    await article(page, "没问题").getByRole("img", { name: "Read" }).waitFor()
    await expect(await log(page).ariaSnapshot()).toMatchFileSnapshot("conversation.aria.txt")
  })

  test("UX 35: on a phone a long press opens the menu", async () => {
    const page = await open(GROUP, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    const place = await article(page, "is gone").boundingBox()
    if (!place) throw new Error("the message is not on the screen")
    const touch = await page.context().newCDPSession(page)
    const at = { x: place.x + 90, y: place.y + place.height - 12 }
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] })
    await page.getByRole("menuitem", { name: "Reply" }).waitFor()
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] })
    const size = await page.getByRole("menuitem", { name: "Reply" }).boundingBox()
    expect(size?.height).toBeGreaterThanOrEqual(44)
  })

  test.each([
    ["light", 1280],
    ["dark", 360],
  ] as const)(
    "UX 35: axe finds nothing in what stands over a chat (%s, %i px)",
    async (colorScheme, width) => {
      // axe writes a script into the page, which our policy would rightly refuse.
      const page = await open(GROUP, { colorScheme, viewport: { width, height: 740 }, bypassCSP: true })
      const fine = async (what: string, except?: string) => {
        expect([what, await axe(page, except)]).toEqual([what, []])
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0)
      }
      await fine("the chat")
      await article(page, "转给大家看看").click({ button: "right", position: { x: 120, y: 6 } })
      await fine("the menu", LOG)
      await page.keyboard.press("Escape")
      await page.getByRole("button", { name: "Emoji", exact: true }).click()
      await page.getByRole("gridcell").first().waitFor()
      await fine("the picker", LOG)
      await page.getByRole("tab", { name: "Stickers" }).click()
      await page
        .getByLabel("Add a picture as sticker")
        .and(page.locator("input"))
        .setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from(png(64, 64)) })
      await page.getByRole("button", { name: "Remove stickers" }).click()
      await fine("stickers", LOG)
      await page.keyboard.press("Escape")
      await box(page).pressSequentially("@")
      await page.getByRole("listbox").waitFor()
      await fine("the mentions", LOG)
      await box(page).fill("")
      await menu(page, article(page, "转给大家看看"), "Reply")
      await fine("a reply", LOG)
      await menu(page, article(page, "转给大家看看"), "Forward")
      await page.getByRole("dialog").waitFor()
      await fine("forwarding", LOG)
      await page.keyboard.press("Escape")
      await menu(page, article(page, "转给大家看看"), "Select")
      await fine("selecting")
    },
  )
})
