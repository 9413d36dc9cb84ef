/** What two people do with messages, in two browsers against a real house, in both languages. */

import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser, BrowserContext, Locator } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { en } from "../../packages/web/src/text/en.ts"
import { zh } from "../../packages/web/src/text/zh-CN.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese, english } from "./names.ts"
import { befriend, openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

const log = (one: Person) => one.named("log", "Messages")
const message = (one: Person, text: string) => log(one).getByRole("article").filter({ hasText: text }).last()

async function choose(one: Person, of: Locator, item: string): Promise<void> {
  await of.focus()
  await one.page.keyboard.press("Shift+F10")
  await one.page.getByRole("menuitem", { name: item, exact: true }).click()
}

describe.runIf(chromium)("messages in the browser", () => {
  let browser: Browser
  let house: House
  const profiles: BrowserContext[] = []

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
  })
  beforeEach(async () => {
    house = await openHouse()
  })
  afterEach(async () => {
    for (const one of profiles.splice(0)) await one.close()
    await house.remove()
  })

  test.each([
    ["English", "en-US" as const, english, en],
    ["中文", "zh-CN" as const, chinese, zh],
  ])("two people answer, react, edit, recall, pin, vote and forward (%s)", async (_, locale, names, text) => {
    const arrive = async (username: string) => {
      const viewport = { width: 1280, height: 800 }
      const profile = await browser.newContext({ locale, viewport, reducedMotion: "reduce" })
      profiles.push(profile)
      const one = await openTab(profile, house.url, names)
      await one.createAccount(username, SECRET)
      return one
    }
    const [lan, bo] = await Promise.all([arrive("lan"), arrive("bo")])
    await befriend(lan, "lan", bo, "bo")

    await lan.say("Which tea today?")
    await message(bo, "Which tea today?").waitFor()
    await choose(bo, message(bo, "Which tea today?"), text.reply)
    await bo.say("Oolong, perhaps")
    await message(lan, "Oolong, perhaps").getByText("Which tea today?").waitFor()

    await choose(lan, message(lan, "Oolong, perhaps"), text.react)
    const picker = lan.named("dialog", "Emoji")
    await picker.getByRole("searchbox").fill("muzhi")
    await picker.getByRole("gridcell", { name: "👍", exact: true }).click()
    await message(bo, "Oolong, perhaps").getByRole("button", { name: /^👍 1/ }).click()
    await message(lan, "Oolong, perhaps").getByRole("button", { name: /^👍 2/ }).waitFor()

    const box = lan.named("textbox", "Message")
    await box.press("ArrowUp")
    await expect.poll(() => box.inputValue()).toBe("Which tea today?")
    await lan.say("Which tea tomorrow?")
    // The answer quotes it as it is now: the question itself is the first that says so.
    const asked = (one: Person) =>
      log(one).getByRole("article").filter({ hasText: "Which tea tomorrow?" }).first()
    await asked(bo).getByText(text.edited, { exact: true }).waitFor()

    await bo.say("I take that back")
    await message(lan, "I take that back").waitFor()
    await choose(bo, message(bo, "I take that back"), text.recall)
    await log(lan).getByText(text.eventRecalled("bo")).waitFor()
    await message(lan, "I take that back").waitFor({ state: "detached" })
    await log(bo).getByRole("button", { name: text.editAgain }).click()
    await bo.named("textbox", "Message").press("Enter")
    await message(lan, "I take that back").waitFor()

    await choose(lan, asked(lan), text.pin)
    await bo.page
      .getByRole("region", { name: text.pinnedMessages })
      .getByText("Which tea tomorrow?")
      .waitFor()

    await lan.named("button", "More to send").click()
    await lan.page.getByRole("menuitem", { name: text.newPoll }).click()
    const poll = lan.page.getByRole("dialog", { name: text.newPoll })
    await poll.getByRole("textbox", { name: text.pollQuestion }).fill("Green or black?")
    await poll.getByRole("textbox", { name: text.pollOption(1) }).fill("Green")
    await poll.getByRole("textbox", { name: text.pollOption(2) }).fill("Black")
    await poll.getByRole("button", { name: text.pollSend }).click()
    await message(bo, "Green or black?").getByRole("radio", { name: /Green/ }).click()
    await message(lan, "Green or black?").getByText(text.pollVotes(1), { exact: false }).waitFor()

    const [chooser] = await Promise.all([
      lan.page.waitForEvent("filechooser"),
      lan.named("button", "Attach file").click(),
    ])
    await chooser.setFiles({ name: "cup.png", mimeType: "image/png", buffer: Buffer.from(png(480, 320)) })
    await lan
      .named("dialog", "Send files")
      .getByRole("button", { name: names("Send") })
      .click()
    const cup = bo.page.getByRole("img", { name: "cup.png", exact: true })
    await choose(bo, log(bo).getByRole("article").filter({ has: cup }), text.addToStickers)
    await bo.page.getByText(text.stickerAdded).waitFor()
    await bo.named("button", "Emoji").click()
    const own = bo.named("dialog", "Emoji")
    await own.getByRole("tab", { name: text.stickers }).click()
    await own.getByRole("gridcell", { name: text.stickerNamed(1), exact: true }).click()
    const drawn = log(lan).getByRole("img", { name: text.sticker, exact: true })
    const size = () => drawn.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])
    await expect.poll(size).toEqual([240, 160])
    await lan.named("list", "Chats").getByText(text.stickerSaid).waitFor()

    await choose(bo, asked(bo), text.forward)
    const forward = bo.page.getByRole("dialog", { name: text.forwardTo })
    await forward.getByRole("checkbox", { name: text.selfChat }).check()
    await forward.getByRole("button", { name: names("Send") }).click()
    await forward.waitFor({ state: "hidden" })
    await bo.openChat(text.selfChat)
    await message(bo, "Which tea tomorrow?").waitFor()
  })
})
