/**
 * The screens by themselves, on the made-up ClientPort of packages/web/src/dev, under the policy that the house sends: what
 * axe says, that an input method never sends, and that nothing jumps in the log.
 */
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axe, still } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type FakePage, openFakePage } from "../fake-page.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const room = (n: number) => `${String(n).padStart(20, "0")}AA`
/** 400 messages, the last three unread; 300 with 120 unread; 30 and a draft; ended; not accepted yet; a group. */
const [LONG, UNREAD, DRAFT, ENDED, PENDING] = [room(101), room(103), room(102), room(104), room(105)]
const GROUP = room(106)

type Screen = readonly [name: string, path: string]
const screens: Screen[] = [
  ["sign in", "/1/sign-in?fake=signed-out"],
  ["create account", "/1/create?fake=signed-out"],
  ["recovery code", "/1/recover?fake=signed-out"],
  ["by invitation only", "/1/create?fake=invite"],
  ["starting", "/1/?fake=starting"],
  ["chats", "/1/chats?fake=full"],
  ["nobody yet", "/1/chats?fake=empty"],
  ["a conversation", `/1/chats/${LONG}?fake=full`],
  ["many unread", `/1/chats/${UNREAD}?fake=full`],
  ["not connected", `/1/chats/${DRAFT}?fake=offline`],
  ["an alarm, a chat that ended", `/1/chats/${ENDED}?fake=alarm`],
  ["a chat that waits", `/1/chats/${PENDING}?fake=full`],
  ["a changed identity", `/1/chats/${LONG}?fake=changed`],
  ["chat details", `/1/chats/${LONG}/details?fake=full`],
  ["contacts", "/1/contacts?fake=full"],
  ["contacts, nobody yet", "/1/contacts?fake=empty"],
  ["settings", "/1/settings?fake=full"],
  ["a group", `/1/chats/${GROUP}?fake=full`],
  ["a group's details", `/1/chats/${GROUP}/details?fake=full`],
  ["a person", `/1/contacts/${room(11)}?fake=full`],
  ["pictures, films, sounds and files", `/1/chats/${DRAFT}?fake=files`],
]

/** What opens over them and stands in no other test. */
const dialogs: [path: string, buttons: string[]][] = [
  ["/1/chats?fake=full", ["New group", "Saved messages"]],
  [`/1/chats/${GROUP}?fake=full`, ["1 pinned, show all", "3/8 read"]],
  [`/1/contacts/${room(11)}?fake=full`, ["Remark and tags", "Remove friend", "Block"]],
  [
    "/1/settings?fake=full",
    [
      ...["Change password", "Rename Firefox · Linux", "Remove Firefox · Linux", "Forget this device"],
      ...["Export everything", "Delete account", "Clear all files on this device"],
      ...["New bot", "Delete bot: echo"],
    ],
  ],
]

/** The lines of a chat are most of a page, and the slowest to look at: where they are those of another screen they are left out. */
const LOG = "[role=log]"
const logOfAnother = (path: string) =>
  path.includes("/details") || path.includes("fake=changed") ? LOG : undefined

/** The page shown while the worker starts has a heading and rests too: it is not the screen that was asked for. */
const arrived = (page: Page, path: string) =>
  page
    .locator(
      path.includes("starting") ? "[data-starting]" : "h1:not([data-starting], [data-starting] *):visible",
    )
    .first()
    .waitFor()

/** UX 4: what is cut off at the right where text is twice as large. The page is of no use afterwards. */
async function tooWideWithLargeText(page: Page): Promise<string[]> {
  await page.addStyleTag({ content: "html { font-size: 200% }" })
  return page.evaluate(() =>
    [...document.querySelectorAll("body *")].flatMap((each) =>
      each.checkVisibility() &&
      each.getBoundingClientRect().right > innerWidth + 1 &&
      !each.closest(".sr-only")
        ? [each.outerHTML.slice(0, 120)]
        : [],
    ),
  )
}

/**
 * UX 35 and 36: what a finger would miss, and fields at whose text a phone would zoom in. Links within a text are as high as it,
 * a name in the list of chats answers for its whole row, and of the letters beside the contacts 26 must fit.
 */
const tooSmallForAFinger = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, a[href], input, select, textarea")].flatMap(
      (each) => {
        const inText = each.matches("a") && each.closest("article") !== null
        if (!each.checkVisibility() || inText || each.closest("nav[aria-label=Letters]")) return []
        const { width, height } = (
          (each.matches("[type=checkbox], [type=radio]") && each.closest("label")) ||
          (each.matches("li > :not(button) a") && each.closest("li")) ||
          each
        ).getBoundingClientRect()
        // What stands there for a screen reader alone.
        if (width <= 1) return []
        const zooms =
          each.matches("input:not([type=checkbox], [type=radio]), textarea") &&
          Number.parseFloat(getComputedStyle(each).fontSize) < 16
        return Math.min(width, height) < 43.5 || zooms
          ? [`${Math.round(width)} × ${Math.round(height)} ${each.outerHTML.slice(0, 160)}`]
          : []
      },
    ),
  )

const chromium = need("Chromium (the screens)", chromiumPath() !== undefined)

describe.runIf(chromium)("the screens", () => {
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

  const newPage = async (options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: "en-US",
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ...options,
    })
    const page = await context.newPage()
    const found: string[] = []
    faults.set(page, found)
    page.on("pageerror", (error) => found.push(error.message))
    page.on("console", (line) => {
      if (line.type() === "error") found.push(line.text())
    })
    return page
  }
  const visit = async (page: Page, path: string) => {
    await page.goto(house.url + path)
    await arrived(page, path)
  }
  const open = async (path: string, options?: Parameters<Browser["newContext"]>[0]): Promise<Page> => {
    const page = await newPage(options)
    await visit(page, path)
    return page
  }
  const faults = new WeakMap<Page, string[]>()
  const faultsOf = (page: Page) => faults.get(page)?.splice(0) ?? ["never opened"]
  const close = async (page: Page) => {
    await page.context().close()
    expect(faultsOf(page)).toEqual([])
  }
  /** One page keeps one core busy: two of them, each a process of its own, look at every second screen. */
  const inTwo = async (newOne: () => Promise<Page>, look: (page: Page, each: Screen) => Promise<void>) => {
    const left = [...screens]
    await Promise.all(
      [0, 1].map(async () => {
        const page = await newOne()
        for (let each = left.shift(); each; each = left.shift()) await look(page, each)
        await close(page)
      }),
    )
  }

  /** Both at once, for the reason that `inTwo` gives. */
  describe("in light, 1280 px, English and in dark, 360 px, Chinese", () => {
    const looks = [
      { colorScheme: "light", width: 1280, locale: "en-US", lang: "en" },
      { colorScheme: "dark", width: 360, locale: "zh-CN", lang: "zh-CN" },
    ] as const
    type Look = (typeof looks)[number]
    // axe writes a script into the page, which our policy would rightly refuse.
    const optionsOf = ({ colorScheme, width }: Look) =>
      ({ colorScheme, viewport: { width, height: 720 }, bypassCSP: true }) as const
    const inBoth = async (look: (each: Look, n: number) => Promise<void>) => {
      await Promise.all(looks.map(look))
    }
    const pages: Page[] = []
    beforeAll(async () => {
      for (const look of looks) pages.push(await newPage({ ...optionsOf(look), locale: look.locale }))
    })
    afterAll(async () => {
      for (const page of pages) await page.context().close()
    })

    test.each(screens)(
      "%s: axe finds nothing, and it fits, in the narrow one also with text twice as large",
      (_name, path) =>
        inBoth(async ({ width, lang }, n) => {
          const page = pages[n] as Page
          await visit(page, path)
          expect(await axe(page, logOfAnother(path))).toEqual([])
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          ).toBeLessThanOrEqual(0)
          expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang)
          expect(faultsOf(page)).toEqual([])
          if (width === 360) expect(await tooWideWithLargeText(page)).toEqual([])
        }),
    )

    test("the dialogs: axe finds nothing, and focus returns", () =>
      inBoth(async (look) => {
        const page = await open("/1/contacts?fake=full", optionsOf(look))
        await page.getByRole("button", { name: "Add friend" }).click()
        await page.getByRole("dialog", { name: "Add friend" }).waitFor()
        expect(await axe(page)).toEqual([])
        await page.keyboard.press("Escape")
        await page.getByRole("dialog").waitFor({ state: "detached" })
        expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
          "Add friend",
        )
        for (const [path, button, dialog] of [
          [`/1/chats/${DRAFT}/details?fake=full`, "Compare safety number", "Safety number"],
          [`/1/chats/${LONG}?fake=changed`, "Compare new number", "New safety number"],
        ] as const) {
          await visit(page, path)
          await page.getByRole("button", { name: button }).click()
          await page.getByRole("dialog", { name: dialog, exact: true }).waitFor()
          expect(await axe(page, LOG)).toEqual([])
        }
        if (look.width === 360) expect(await tooWideWithLargeText(page)).toEqual([])
        await close(page)
      }))

    test.each(dialogs)("%s %j: axe finds nothing in what they open, and the focus returns", (path, buttons) =>
      inBoth(async (look) => {
        const page = await open(path, optionsOf(look))
        for (const name of buttons) {
          const button = page.getByRole("button", { name, exact: true })
          await button.click()
          await page.getByRole("dialog", { name: /\S/ }).waitFor()
          expect([name, await axe(page, LOG)]).toEqual([name, []])
          await page.keyboard.press("Escape")
          await page.locator("dialog[open]").waitFor({ state: "detached" })
          await expect.poll(() => button.evaluate((each) => each === document.activeElement)).toBe(true)
        }
        await close(page)
      }),
    )
  })

  test("UX 4, 17: on a narrow screen with text twice as large the bars leave two thirds to the chats", async () => {
    for (const locale of ["en-US", "zh-CN"]) {
      const page = await newPage({ locale, viewport: { width: 360, height: 720 }, bypassCSP: true })
      await page.addInitScript(() =>
        Object.defineProperty(Notification, "permission", { get: () => "default" }),
      )
      const top = async () => {
        await page.addStyleTag({ content: "html { font-size: 200% }" })
        return page.locator("main").evaluate((main) => main.getBoundingClientRect().top)
      }
      await visit(page, "/1/chats?fake=full")
      await page.getByRole("button", { name: /Turn on notifications|开启通知/ }).waitFor()
      await page.getByRole("button", { name: /Not now|暂不/ }).waitFor()
      expect(await top()).toBeLessThan(720 / 3)
      await visit(page, `/1/chats/${DRAFT}?fake=offline`)
      await page.getByRole("button", { name: /Reconnect now|立即重连/ }).waitFor()
      expect(await top()).toBeLessThan(720 / 3)
      await close(page)
    }
  })

  test("UX 35, 36: on a phone all that is pressed is as large as a finger, and no field makes it zoom in", async () => {
    const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, bypassCSP: true }
    const small: string[] = []
    const onPhone = async () => {
      const page = await newPage(phone)
      await page.addInitScript(() =>
        Object.defineProperty(Notification, "permission", { get: () => "default" }),
      )
      return page
    }
    await inTwo(onPhone, async (page, [, path]) => {
      await visit(page, path)
      await still(page)
      small.push(...(await tooSmallForAFinger(page)).map((each) => `${path} ${each}`))
      const meta = await page.locator("meta[name=viewport]").getAttribute("content")
      expect(meta).toContain("viewport-fit=cover, interactive-widget=resizes-content")
      expect(await page.evaluate(() => document.getElementById("root")?.clientHeight)).toBe(720)
    })
    expect(small).toEqual([])
  })

  test("React has nothing to warn of on any of them", async () => {
    const warning = await openFakePage("development")
    await inTwo(newPage, async (page, [name, path]) => {
      await page.goto(warning.url + path)
      await arrived(page, path)
      await still(page)
      expect([name, ...faultsOf(page)]).toEqual([name])
    })
    warning.close()
  })

  test("UX 1: at each width it fits, and the list is there from 720 px on", async () => {
    const page = await open(`/1/chats/${LONG}/details?fake=full`)
    await page.getByRole("heading", { name: "Chat details" }).waitFor()
    for (const width of [1024, 1023, 800, 720, 719]) {
      await page.setViewportSize({ width, height: 600 })
      await expect.poll(() => page.getByRole("list", { name: "Chats" }).isVisible()).toBe(width >= 720)
      await still(page)
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
    }
    await close(page)
  })

  test("UX 1: the list is made wider by pointer and by arrow keys, and stays so", async () => {
    const page = await open("/1/chats?fake=full")
    const width = async () => (await page.locator("[data-region=list]").boundingBox())?.width
    const edge = page.getByRole("separator", { name: "Width of the list" })
    expect(await width()).toBe(320)
    const place = await edge.boundingBox()
    if (!place) throw new Error("nothing to hold")
    await page.mouse.move(place.x + 6, 300)
    await page.mouse.down()
    await page.mouse.move(place.x + 66, 300, { steps: 4 })
    await page.mouse.up()
    await expect.poll(width).toBe(380)
    await edge.press("ArrowLeft")
    await expect.poll(width).toBe(364)
    await page.reload()
    await edge.waitFor()
    expect(await width()).toBe(364)
    await close(page)
  })

  describe("the composer", () => {
    const box = (page: Page) => page.getByRole("textbox", { name: "Message" })
    const messages = (page: Page) => page.getByRole("log", { name: "Messages" }).getByRole("article")

    test("Enter sends, Shift+Enter breaks the line", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`)
      await box(page).fill("one")
      await page.keyboard.press("Shift+Enter")
      await page.keyboard.type("two")
      await page.keyboard.press("Enter")
      await messages(page).filter({ hasText: "two" }).getByRole("img", { name: "Sent" }).waitFor()
      expect(await box(page).inputValue()).toBe("")
      await close(page)
    })

    test("UX 6: where the account wants it, Enter breaks the line and Ctrl+Enter sends", async () => {
      const page = await open("/1/settings?fake=full")
      await page.getByRole("radio", { name: /^Ctrl\+Enter/ }).check({ force: true })
      await page.getByRole("navigation", { name: "Main" }).getByText("Chats", { exact: true }).click()
      await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "张伟" }).click()
      await box(page).fill("one")
      await page.keyboard.press("Enter")
      await page.keyboard.type("two")
      expect(await box(page).inputValue()).toBe("one\ntwo")
      await page.keyboard.press("Control+Enter")
      await messages(page).filter({ hasText: "two" }).getByRole("img", { name: "Sent" }).waitFor()
      await close(page)
    })

    test("UX 6: on a touch keyboard Enter breaks the line", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`, {
        ...{ viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true },
      })
      await box(page).fill("one")
      await page.keyboard.press("Enter")
      await page.keyboard.type("two")
      expect(await box(page).inputValue()).toBe("one\ntwo")
      await page.getByRole("button", { name: "Send", exact: true }).tap()
      await messages(page).filter({ hasText: "two" }).getByRole("img", { name: "Sent" }).waitFor()
      await close(page)
    })

    test("an input method's Enter chooses a word and sends nothing", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`)
      await page.locator("[role=log]:not([aria-busy])").waitFor()
      await box(page).focus()
      // Lines of a long chat are drawn one after another: what counts is whether this one is among them.
      const word = "你好壕"
      const said = messages(page).filter({ hasText: word })
      const input = await page.context().newCDPSession(page)
      await input.send("Input.imeSetComposition", { text: "ni'hao", selectionStart: 6, selectionEnd: 6 })
      await expect.poll(() => box(page).inputValue()).toBe("ni'hao")
      // What Chromium says of the key that ends a composition.
      await input.send("Input.dispatchKeyEvent", {
        type: "rawKeyDown",
        key: "Enter",
        windowsVirtualKeyCode: 229,
      })
      await input.send("Input.dispatchKeyEvent", {
        type: "keyDown",
        key: "Enter",
        code: "Enter",
        windowsVirtualKeyCode: 13,
      })
      await input.send("Input.insertText", { text: word })
      await page.waitForTimeout(300)
      await expect.poll(() => box(page).inputValue()).toContain(word)
      expect(await said.count()).toBe(0)
      expect(await messages(page).filter({ hasText: "ni'hao" }).count()).toBe(0)
      await page.keyboard.press("Enter")
      await said.getByRole("img", { name: "Sent" }).waitFor()
      await close(page)
    })

    test("a draft comes back, also after the page went away", async () => {
      const page = await open(`/1/chats/${DRAFT}?fake=full`)
      await expect.poll(() => box(page).inputValue()).toBe("我想说的是")
      await box(page).fill("half a thought")
      await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "李四" }).click()
      await page.getByRole("list", { name: "Chats" }).getByText("[Draft]").waitFor()
      await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "张伟" }).click()
      await expect.poll(() => box(page).inputValue()).toBe("half a thought")
      await close(page)
    })

    test("a draft that was lost with its worker stays on the screen, and is saved again", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`)
      await box(page).fill("lost with its worker")
      // It is saved after a quarter of a second, lost, and what is stored is told.
      await page.waitForTimeout(600)
      expect(await box(page).inputValue()).toBe("lost with its worker")
      const list = page.getByRole("list", { name: "Chats" })
      await list.getByRole("link", { name: "张伟" }).click()
      await list.getByText("lost with its worker").waitFor()
      await close(page)
    })

    test("it grows to 40 % of the height and no further", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`)
      await box(page).fill("line\n".repeat(60))
      const height = (await box(page).boundingBox())?.height ?? 0
      expect(height).toBeGreaterThan(200)
      expect(height).toBeLessThanOrEqual(0.4 * 800 + 1)
      await close(page)
    })

    test("a refused message says why, and is sent again or deleted", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`)
      await box(page).fill("refuse")
      await page.keyboard.press("Enter")
      const refused = messages(page).filter({ hasText: "refuse" })
      await refused.getByText("This chat is paused").waitFor()
      await refused.getByRole("button", { name: "Send again" }).waitFor()
      await refused.getByRole("button", { name: "Delete" }).click()
      await refused.waitFor({ state: "detached" })
      await close(page)
    })
  })

  describe("the log", () => {
    const log = (page: Page) => page.getByRole("log", { name: "Messages" })
    const fromEnd = (page: Page) =>
      log(page).evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight))

    test("opens at the end, a screen and more is in the DOM, and follows what comes", async () => {
      const page = await open(`/1/chats/${DRAFT}?fake=full`)
      await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(1)
      await expect.poll(() => log(page).getByRole("article").count()).toBeGreaterThanOrEqual(28)
      await page.getByRole("textbox", { name: "Message" }).fill("echo")
      await page.keyboard.press("Enter")
      await log(page).getByText("回声 3").waitFor()
      await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(1)
      await close(page)
    })

    test("UX 13: opens at the first unread line; from the end a pill counts what is new above", async () => {
      const page = await open(`/1/chats/${UNREAD}?fake=full`)
      const line = log(page).locator("[data-unread]")
      await line.waitFor()
      const place = await line.evaluate((mark) => mark.getBoundingClientRect().top)
      expect(place).toBeGreaterThan(64)
      expect(place).toBeLessThan(500)
      expect(await fromEnd(page)).toBeGreaterThan(80)
      const below = page.getByRole("button", { name: /new messages/ })
      const count = Number.parseInt((await below.textContent()) ?? "", 10)
      await below.click()
      await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(1)
      await log(page).hover()
      await page.mouse.wheel(0, -200)
      const above = page.getByRole("button", { name: /^\d+ new above$/ })
      const left = Number.parseInt((await above.textContent()) ?? "", 10)
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThan(count)
      await close(page)
    })

    test("reading upwards reaches the beginning without a jump", async () => {
      const page = await open(`/1/chats/${LONG}?fake=full`)
      await log(page).getByRole("article").first().waitFor()
      await log(page).hover()
      // Each step moves what is read by exactly what the wheel said, whatever was put in above.
      const jumps: number[] = []
      let fewest = Number.POSITIVE_INFINITY
      for (let step = 0; step < 150; step++) {
        const before = await firstLine(page)
        fewest = Math.min(fewest, before.lines)
        await page.mouse.wheel(0, -400)
        await page.waitForTimeout(60)
        const after = await placeOf(page, before.key)
        if (after !== undefined) jumps.push(Math.round(after - before.top))
        if (await log(page).getByText("are friends now").isVisible()) break
      }
      expect(await log(page).getByText("are friends now").count()).toBe(1)
      expect(jumps.filter((jump) => jump < -1 || jump > 402)).toEqual([])
      // UX 15: of any chat so much is on the page, and no more.
      expect(fewest).toBeGreaterThanOrEqual(30)
      expect(await log(page).getByRole("article").count()).toBeLessThanOrEqual(120)
      await page.getByRole("button", { name: /Latest messages|new message/ }).click()
      await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(1)
      await close(page)
    })

    test("UX 12: times stand where five minutes have passed, in the words of their distance, and exact for machines", async () => {
      const page = await open(`/1/chats/${DRAFT}?fake=full`, { locale: "zh-CN" })
      await page.getByRole("log").getByRole("article").last().waitFor()
      const times = await page.getByRole("log").evaluate((box) => {
        const day = (at: number) => new Date(at).setHours(0, 0, 0, 0)
        return [...box.querySelectorAll<HTMLTimeElement>("time")]
          .filter((each) => !each.closest("article"))
          .map((each) => {
            const at = Date.parse(each.dateTime)
            return { at, days: Math.round((day(Date.now()) - day(at)) / 86_400_000), said: each.textContent }
          })
      })
      expect(times.length).toBeGreaterThan(3)
      for (const { days, said } of times) {
        const words =
          days === 0
            ? ""
            : days === 1
              ? "昨天 "
              : days < 7
                ? "星期[一二三四五六日] "
                : "(\\d{4}年)?\\d+月\\d+日 "
        expect(said).toMatch(new RegExp(`^${words}\\d{2}:\\d{2}$`))
      }
      const gaps = times.slice(1).map(({ at }, i) => at - (times[i]?.at ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * 60_000)
      await close(page)
    })

    const firstLine = (page: Page) =>
      log(page).evaluate((box) => {
        const top = box.getBoundingClientRect().top
        const line = [...box.querySelectorAll<HTMLElement>("[data-key]")].find(
          (each) => each.getBoundingClientRect().bottom > top,
        )
        return {
          key: line?.dataset.key ?? "",
          top: line?.getBoundingClientRect().top ?? 0,
          lines: box.querySelectorAll("article").length,
        }
      })
    const placeOf = (page: Page, key: string) =>
      log(page).evaluate(
        (box, wanted) => box.querySelector(`[data-key="${CSS.escape(wanted)}"]`)?.getBoundingClientRect().top,
        key,
      )

    test("arrow keys move between messages, one tab stop", async () => {
      const page = await open(`/1/chats/${DRAFT}?fake=full`)
      await page.getByRole("textbox", { name: "Message" }).press("Shift+Tab")
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "")
      const last = await focused()
      expect(last).not.toBe("")
      await page.keyboard.press("ArrowUp")
      expect(await focused()).not.toBe(last)
      await page.keyboard.press("ArrowDown")
      expect(await focused()).toBe(last)
      expect(await log(page).locator("article[tabindex='0']").count()).toBe(1)
      await close(page)
    })
  })

  test("the language chosen before signing up stays, and is the account's", async () => {
    const page = await open("/1/sign-in?fake=signed-out")
    await page.getByRole("button", { name: "简体中文" }).click()
    await page.getByRole("link", { name: "创建账号" }).click()
    await page.getByRole("textbox", { name: "用户名" }).fill("茶客")
    await page.getByLabel("密码", { exact: true }).fill("春眠不觉晓处处闻啼鸟")
    await page.getByLabel("确认密码").fill("春眠不觉晓处处闻啼鸟")
    await page.getByRole("button", { name: "创建账号" }).click()
    await page.getByRole("button", { name: "我已保存" }).click()
    await page.getByRole("navigation", { name: "主导航" }).getByText("设置", { exact: true }).click()
    await page.getByRole("radio", { name: "简体中文", checked: true }).waitFor()
    await close(page)
  })

  test("what a form lacks is said, and nothing is sent", async () => {
    const page = await open("/1/create?fake=signed-out")
    const alert = page.getByRole("alert")
    await page.getByRole("button", { name: "Create account" }).click()
    await alert.getByText("fill in every field").waitFor()
    await page.getByRole("textbox", { name: "Username" }).fill("taken")
    await page.getByLabel("Password", { exact: true }).fill("one")
    await page.getByLabel("Confirm password").fill("two")
    await page.getByRole("button", { name: "Create account" }).click()
    await alert.getByText("not the same").waitFor()
    await page.getByLabel("Confirm password").fill("one")
    await page.getByRole("button", { name: "Create account" }).click()
    await alert.getByText("This username is taken").waitFor()
    expect(await page.getByRole("textbox", { name: "Username" }).inputValue()).toBe("taken")
    await close(page)
  })

  test("narrow: Back goes from the chat to the list", async () => {
    const page = await open("/1/chats?fake=full", { viewport: { width: 360, height: 700 } })
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "李四" }).click()
    await page.getByRole("log", { name: "Messages" }).waitFor()
    expect(await page.getByRole("list", { name: "Chats" }).isVisible()).toBe(false)
    await page.goBack()
    await page.getByRole("list", { name: "Chats" }).waitFor()
    await page.getByRole("list", { name: "Chats" }).getByRole("link", { name: "李四" }).click()
    await page.getByRole("button", { name: "Chat details" }).click()
    await page.getByRole("heading", { name: "Chat details" }).waitFor()
    await page.getByRole("button", { name: "Close" }).click()
    await page.getByRole("button", { name: "Back" }).click()
    await page.getByRole("list", { name: "Chats" }).waitFor()
    await close(page)
  })

  test("the theme chosen by the account is there before the next first paint", async () => {
    const page = await open("/1/settings?fake=full", { colorScheme: "light" })
    await page.getByText("Dark", { exact: true }).click()
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark")
    expect(await page.evaluate(() => localStorage.getItem("teahouse.1.theme"))).toBe("dark")
    await page.getByText("简体中文", { exact: true }).click()
    await page.getByRole("heading", { name: "设置" }).waitFor()
    await close(page)
  })
})
