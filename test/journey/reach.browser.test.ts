/**
 * Everybody reaches everything: one person has only a keyboard, the other only a phone. From signing up to a group, a reply
 * and a picture, neither ever uses what the other has.
 */

import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser, BrowserContext, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser, PATIENCE } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the keyboard alone, the phone alone)", chromiumPath() !== undefined)

describe.runIf(chromium)("by keyboard alone and by touch alone", () => {
  let browser: Browser
  let house: House
  const profiles: BrowserContext[] = []

  beforeAll(async () => {
    house = await openHouse()
    browser = await openBrowser()
  })
  afterAll(async () => {
    for (const one of profiles) await one.close()
    await browser?.close()
    await house?.remove()
  })
  const open = async (options: Parameters<Browser["newContext"]>[0]): Promise<Page> => {
    const profile = await browser.newContext({ locale: "en-US", reducedMotion: "reduce", ...options })
    profiles.push(profile)
    const page = await profile.newPage()
    page.setDefaultTimeout(PATIENCE)
    await page.goto(house.url, { waitUntil: "domcontentloaded" })
    return page
  }

  test("UX 33, 35, 36: they become friends, talk, reply and share a picture and a group", async () => {
    const desk = keyboard(await open({ viewport: { width: 1280, height: 800 } }))
    const phone = await open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      bypassCSP: true,
    })
    const tap = (role: Role, name: string | RegExp) => phone.getByRole(role, { name, exact: true }).tap()
    const fits = () => phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)

    // Accounts.
    await desk.press("link", "Create account")
    await desk.type("textbox", "Username", "keys")
    await desk.typeInto(desk.page.getByLabel("Password", { exact: true }), SECRET)
    await desk.typeInto(desk.page.getByLabel("Confirm password", { exact: true }), SECRET)
    await desk.page.keyboard.press("Enter")
    await desk.press("button", "I have saved it")
    await tap("link", "Create account")
    await phone.getByRole("textbox", { name: "Username" }).fill("phone")
    await phone.getByLabel("Password", { exact: true }).fill(SECRET)
    await phone.getByLabel("Confirm password", { exact: true }).fill(SECRET)
    await tap("button", "Create account")
    await tap("button", "I have saved it")
    await phone.getByRole("navigation", { name: "Main" }).waitFor()

    // Friends.
    await desk.press("link", "Contacts")
    await desk.press("button", "Add friend")
    await desk.type("textbox", "Username", "phone")
    await desk.type("textbox", "Message", "It is me")
    await desk.press("button", "Send request")
    await desk.page.getByRole("dialog").waitFor({ state: "detached" })
    await tap("link", "Contacts")
    await phone.getByRole("list", { name: "Friend requests" }).getByText("It is me").waitFor()
    await tap("button", "Accept")

    // One pane at a time on the phone, and Back leads to the list.
    await tap("link", "Chats")
    await phone.getByRole("list", { name: "Chats" }).getByRole("link", { name: "keys" }).tap()
    await phone.getByRole("log", { name: "Messages" }).waitFor()
    expect(await phone.getByRole("list", { name: "Chats" }).isVisible()).toBe(false)
    await phone.goBack()
    await phone.getByRole("list", { name: "Chats" }).waitFor()
    expect(await phone.getByRole("log", { name: "Messages" }).isVisible()).toBe(false)
    await phone.getByRole("list", { name: "Chats" }).getByRole("link", { name: "keys" }).tap()

    // Talk: Ctrl+K leads to the chat and its text field.
    await desk.page.keyboard.press("Control+k")
    await desk.page.getByRole("combobox", { name: "Switch chat" }).waitFor()
    await desk.page.keyboard.type("phone")
    await desk.page.getByRole("option", { name: /phone/ }).waitFor()
    await desk.page.keyboard.press("Enter")
    await desk.type("textbox", "Message", "By keyboard")
    await desk.page.keyboard.press("Enter")
    const box = phone.getByRole("textbox", { name: "Message" })
    const heard = phone.getByRole("article").filter({ hasText: "By keyboard" })
    await heard.waitFor()
    // On a phone Enter breaks the line; the button sends.
    await box.tap()
    await phone.keyboard.type("By")
    await phone.keyboard.press("Enter")
    await phone.keyboard.type("thumb")
    expect(await box.inputValue()).toBe("By\nthumb")
    await tap("button", "Send")

    // A reply by keyboard: up into the log, the menu, and back to writing.
    const thumbs = desk.page.getByRole("article").filter({ hasText: "thumb" })
    await thumbs.waitFor()
    await desk.reach(thumbs, "Shift+Tab")
    await desk.page.keyboard.press("Shift+F10")
    await desk.press("menuitem", "Reply", "ArrowDown")
    expect(await desk.holds(desk.page.getByRole("textbox", { name: "Message" }))).toBe(true)
    await desk.page.keyboard.type("Answered")
    await desk.page.keyboard.press("Enter")
    const answer = phone.getByRole("article").filter({ hasText: "Answered" })
    await answer.getByText("thumb").waitFor()

    // A long press opens the menu; a reaction comes across.
    await longPress(phone, answer)
    await tap("menuitem", "React")
    await phone.getByRole("dialog").or(phone.getByRole("tabpanel")).first().waitFor()
    await phone.getByRole("gridcell").or(phone.getByRole("option")).first().tap()
    await desk.page
      .getByRole("article")
      .filter({ hasText: "Answered" })
      .getByRole("button", { name: /\b1\b/ })
      .first()
      .waitFor()

    // A picture from the phone; targets are large enough for a finger, and nothing is wider than the screen.
    const chooser = phone.waitForEvent("filechooser")
    await tap("button", "Attach file")
    await (await chooser).setFiles({
      name: "tea.png",
      mimeType: "image/png",
      buffer: Buffer.from(png(40, 30)),
    })
    await phone
      .getByRole("dialog", { name: "Send files" })
      .getByRole("button", { name: "Send", exact: true })
      .tap()
    await desk.page.getByRole("img", { name: "tea.png" }).waitFor()
    expect(await fits()).toBeLessThanOrEqual(0)
    expect(await tooSmall(phone)).toEqual([])
    expect(await axe(phone)).toEqual([])

    // A group by keyboard.
    await desk.press("link", "Chats")
    await desk.press("button", "New group")
    await desk.type("textbox", "Group name", "Two of us")
    await desk.reach(desk.page.getByRole("checkbox", { name: "phone", exact: true }))
    await desk.page.keyboard.press("Space")
    await desk.press("button", "Create")
    await desk.page.getByRole("heading", { name: /Two of us/ }).waitFor()
    await phone.goBack()
    await phone.getByRole("list", { name: "Chats" }).getByRole("link", { name: "Two of us" }).tap()
    await phone.getByRole("textbox", { name: "Message" }).fill("Here too")
    await tap("button", "Send")
    await desk.page.getByRole("article").filter({ hasText: "Here too" }).waitFor()
    await tap("button", "Chat details")
    await phone.getByRole("heading", { name: "Chat details" }).waitFor()
    expect(await fits()).toBeLessThanOrEqual(0)
    expect(await tooSmall(phone)).toEqual([])
  })
})

type Role = Parameters<Page["getByRole"]>[0]

/** Somebody without a pointer: what cannot be reached by Tab or arrows is not there for them. */
function keyboard(page: Page) {
  const holds = (target: Locator) =>
    target.evaluateAll((all) => all.some((each) => each === document.activeElement))
  const reach = async (target: Locator, key = "Tab") => {
    await target.first().waitFor()
    for (let presses = 0; presses < 80; presses++) {
      if (await holds(target)) return
      await page.keyboard.press(key)
    }
    throw new Error(`${key} does not lead to ${target}`)
  }
  const typeInto = async (target: Locator, text: string) => {
    await reach(target)
    await page.keyboard.type(text)
  }
  return {
    ...{ page, holds, reach, typeInto },
    type: (role: Role, name: string, text: string) =>
      typeInto(page.getByRole(role, { name, exact: true }), text),
    press: async (role: Role, name: string, key?: string) => {
      await reach(page.getByRole(role, { name, exact: true }), key)
      await page.keyboard.press("Enter")
    },
  }
}

async function longPress(page: Page, target: Locator): Promise<void> {
  const place = await target.boundingBox()
  if (!place) throw new Error("the message is not on the screen")
  const touch = await page.context().newCDPSession(page)
  const at = { x: place.x + place.width / 2, y: place.y + place.height - 12 }
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] })
  await page.getByRole("menu").waitFor()
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] })
}

/** UX 35: what a finger is to hit is at least 44 px high or wide; a line of text may hold links. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([type=file]), textarea, nav a, li > a")].flatMap(
      (each) => {
        const { width, height } = each.getBoundingClientRect()
        const shown = each.checkVisibility() && width > 1 && height > 1 && !each.closest(".sr-only")
        return shown && Math.max(width, height) < 43.5 ? [each.outerHTML.slice(0, 160)] : []
      },
    ),
  )
