/** What a person notes of others, in a browser against a real house: remarks, tags, order, search, habits, blocking. */
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axeInBothThemes } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese as names } from "./names.ts"
import { befriend, openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

describe.runIf(chromium)("what belongs to one person", () => {
  let browser: Browser
  let house: House

  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse()
  })
  afterAll(async () => {
    await browser?.close()
    await house?.remove()
  })

  const tab = async () => {
    const viewport = { width: 1280, height: 800 }
    // axe writes a script into the page, which our policy would rightly refuse.
    const profile = await browser.newContext({
      ...{ locale: "zh-CN", viewport, bypassCSP: true, reducedMotion: "reduce" },
    })
    return openTab(profile, house.url, names)
  }
  const arrive = async (username: string) => {
    const one = await tab()
    await one.createAccount(username, SECRET)
    return one
  }
  const within = (one: Person, list: string, name: string) =>
    one.named("list", list).getByRole("listitem").filter({ hasText: name })

  test("UX 2, 28, 30: remark and tags, order and search by pinyin, pin, mute, mark, hide, block", async () => {
    const lan = await arrive("lan")
    const dan = await arrive("单雄信")
    const emma = await arrive("emma")

    // UX 28: a request carries a line, and accepting sets the remark in the same step.
    await dan.addFriend("lan", "我是重庆的小单")
    await lan.go("Contacts")
    const request = within(lan, "Friend requests", "单雄信")
    await request.getByText("我是重庆的小单").waitFor()
    await request.getByRole("textbox", { name: names("Remark") }).fill("重庆老单")
    await request.getByRole("button", { name: names("Accept") }).click()
    await request.waitFor({ state: "hidden" })
    await befriend(emma, "emma", lan, "lan")

    // UX 30: letters, search by initials and by each reading.
    await lan.go("Contacts")
    const friends = lan.named("region", "Friends")
    await friends.getByRole("link", { name: "重庆老单" }).waitFor()
    await friends.getByRole("heading", { name: "E", exact: true }).waitFor()
    const search = lan.named("searchbox", "Search")
    for (const typed of ["重庆", "chongqing", "cqld", "zhongqing", "shanxiongxin"]) {
      await search.fill(typed)
      await friends.getByRole("link", { name: "重庆老单" }).waitFor()
      await friends.getByRole("link", { name: "emma" }).waitFor({ state: "hidden" })
    }
    await search.fill("")

    // Tags, on the person's page.
    await friends.getByRole("link", { name: "重庆老单" }).click()
    await lan.named("button", "Remark and tags").click()
    const notes = lan.named("dialog", "Remark and tags")
    await notes.getByRole("textbox", { name: names("Remark") }).fill("茶".repeat(10_000))
    await notes.getByRole("button", { name: names("Save") }).click()
    await notes.getByRole("alert").waitFor()
    await notes.getByRole("textbox", { name: names("Remark") }).fill("老单")
    await notes.getByRole("textbox", { name: names("Tags") }).fill("茶友，同事")
    expect(await axeInBothThemes(lan.page)).toEqual([])
    await notes.getByRole("button", { name: names("Save") }).click()
    await notes.waitFor({ state: "hidden" })
    await lan.page.getByRole("heading", { name: "老单", exact: true }).waitFor()
    await lan.page.getByRole("button", { name: "同事", exact: true }).click()
    await friends.getByRole("link", { name: "emma" }).waitFor({ state: "hidden" })
    await lan.named("button", "All").click()
    expect(await axeInBothThemes(lan.page)).toEqual([])

    // Both see the same safety number; who has compared it marks it, and the mark stays.
    await dan.go("Contacts")
    await dan.named("region", "Friends").getByRole("link", { name: "lan" }).click()
    const number = async (one: Person) => {
      await one.named("button", "Compare safety number").click()
      const digits = one.named("dialog", "Safety number").locator("[data-safety-number]")
      return (await digits.textContent())?.replace(/\s+/g, "")
    }
    const shown = await number(lan)
    expect(shown).toMatch(/^[0-9]{60}$/)
    expect(await number(dan)).toBe(shown)
    await dan.page.keyboard.press("Escape")
    const safety = lan.named("dialog", "Safety number")
    const theirs = safety.getByRole("textbox")
    await theirs.fill(`${shown?.slice(1)}x`)
    await theirs.press("Enter")
    await safety.getByText(names("This is not a safety code.")).waitFor()
    await safety.getByRole("button", { name: names("Mark as verified") }).click()
    await safety.getByRole("button", { name: names("Remove mark") }).waitFor()
    await lan.page.reload()
    await lan.named("button", "Send message").waitFor()
    await lan.named("img", "Verified").first().waitFor()
    await lan.named("button", "Send message").click()
    await lan.page.getByRole("heading", { name: "老单", exact: true }).waitFor()
    await lan.named("img", "Verified").waitFor()
    await lan.say("在吗？")

    // The chat's habits: Shift+F10, the button, and a second device.
    await lan.go("Chats")
    await within(lan, "Chats", "emma").getByRole("link").press("Shift+F10")
    await lan.named("menuitem", "Pin chat").click()
    const first = (one: Person) => one.named("list", "Chats").getByRole("listitem").first()
    await first(lan).filter({ hasText: "emma" }).waitFor()
    await within(lan, "Chats", "老单").hover()
    await within(lan, "Chats", "老单")
      .getByRole("button", { name: names("More") })
      .click()
    await lan.named("menuitem", "Mute").click()
    await within(lan, "Chats", "老单").click({ button: "right" })
    await lan.named("menuitem", "Mark as unread").click()
    await within(lan, "Chats", "老单").getByText(names("Marked as unread")).waitFor({ state: "attached" })
    const desk = await tab()
    await desk.signIn("lan", SECRET)
    await first(desk).filter({ hasText: "emma" }).waitFor()
    await within(desk, "Chats", "老单").getByText(names("Muted")).waitFor({ state: "attached" })
    await within(desk, "Chats", "老单").getByText(names("Marked as unread")).waitFor({ state: "attached" })
    await within(lan, "Chats", "emma").click({ button: "right" })
    await lan.named("menuitem", "Hide chat").click()
    await within(desk, "Chats", "emma").waitFor({ state: "hidden" })

    // Blocked: gone from the friends, on the list in the settings, and off it again.
    await lan.go("Contacts")
    await friends.getByRole("link", { name: "老单" }).click()
    await lan.named("button", "Block").click()
    await lan.page
      .getByRole("dialog")
      .getByRole("button", { name: names("Block") })
      .click()
    await friends.getByRole("link", { name: "老单" }).waitFor({ state: "hidden" })
    await dan.openChat("lan")
    await dan.named("textbox", "Message").waitFor({ state: "hidden" })
    await lan.go("Settings")
    const blocked = within(lan, "Blocked people", "老单")
    await blocked.waitFor()
    await lan.page.setViewportSize({ width: 360, height: 740 })
    expect(await lan.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await blocked.getByRole("button", { name: names("Unblock") }).click()
    await blocked.waitFor({ state: "hidden" })
  })
})
