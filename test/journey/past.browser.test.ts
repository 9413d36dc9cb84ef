/** A group shares its history with who comes in: switched in the page, and the newcomer reads it there. */
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { en } from "../../packages/web/src/text/en.ts"
import { zh } from "../../packages/web/src/text/zh-CN.ts"
import { axe } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese, english } from "./names.ts"
import { befriend, openTab } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

describe.runIf(chromium)("a group that shares its history", () => {
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
    ["English, light", "en-US", "light", english, en],
    ["中文, dark", "zh-CN", "dark", chinese, zh],
  ] as const)("who is added reads what was said before (%s)", async (_, locale, colorScheme, names, text) => {
    const arrive = async (username: string) => {
      const viewport = { width: 1280, height: 900 }
      // axe writes a script into the page, which our policy would rightly refuse.
      const more = { bypassCSP: true, reducedMotion: "reduce" } as const
      const profile = await browser.newContext({ locale, colorScheme, viewport, ...more })
      profiles.push(profile)
      const one = await openTab(profile, house.url, names)
      await one.createAccount(username, SECRET)
      return one
    }
    const [lan, eve] = await Promise.all([arrive("lan"), arrive("eve")])
    await befriend(lan, "lan", eve, "eve")
    await lan.named("button", "New group").click()
    const making = lan.named("dialog", "New group")
    await making.getByRole("textbox", { name: names("Group name") }).fill("Tea friends 茶友")
    await lan.named("button", "Create").click()
    await making.waitFor({ state: "hidden" })
    await lan.say("Said before 🍵")
    await lan.say("And this")
    await lan.sees("Said before 🍵", "And this")

    await lan.named("button", "Chat details").click()
    const rule = lan.named("combobox", "Share history with new members")
    await rule.waitFor()
    expect(await rule.inputValue()).toBe("0")
    const shown = await rule.getByRole("option").allInnerTexts()
    expect(shown).toEqual([text.pastOff, text.pastDays(7), text.pastDays(30), text.pastAll])
    await rule.selectOption(text.pastAll)
    await lan.named("log", "Messages").getByText(text.eventPastAll("lan"), { exact: true }).waitFor()
    expect(await rule.inputValue()).toBe("36500")
    expect(await axe(lan.page)).toEqual([])

    await lan.named("button", "Add members").click()
    const adding = lan.named("dialog", "Add members")
    await adding.getByRole("checkbox", { name: "eve", exact: true }).check()
    await adding.getByRole("button", { name: names("Add"), exact: true }).click()
    await adding.waitFor({ state: "hidden" })
    await eve.openChat("Tea friends 茶友")
    await eve.sees("Said before 🍵", "And this")
    const log = eve.named("log", "Messages")
    await log.getByText(text.eventGiven("lan"), { exact: true }).first().waitFor()
    await eve.named("button", "Chat details").click()
    await eve.page.getByText(text.pastNowAll, { exact: true }).waitFor()
    expect(await axe(eve.page)).toEqual([])
  })
})
