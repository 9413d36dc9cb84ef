/** A group of three in three browsers, against a real house: made, chatted in, grown, led, left. */
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese, english } from "./names.ts"
import { befriend, openTab } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

describe.runIf(chromium)("a group in the browser", () => {
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
    ["English, light", "en-US", "light", english],
    ["中文, dark", "zh-CN", "dark", chinese],
  ] as const)(
    "three people make a group, chat, and one leaves (%s)",
    async (_, locale, colorScheme, names) => {
      const arrive = async (username: string) => {
        const viewport = { width: 1280, height: 800 }
        // axe writes a script into the page, which our policy would rightly refuse.
        const profile = await browser.newContext({
          locale,
          colorScheme,
          viewport,
          bypassCSP: true,
          reducedMotion: "reduce",
        })
        profiles.push(profile)
        const one = await openTab(profile, house.url, names)
        await one.createAccount(username, SECRET)
        return one
      }
      const [lan, bo, eve] = await Promise.all([arrive("lan"), arrive("bo"), arrive("eve")])
      await befriend(lan, "lan", bo, "bo")
      await befriend(lan, "lan", eve, "eve")

      await lan.go("Chats")
      await lan.named("button", "New group").click()
      const dialog = lan.named("dialog", "New group")
      await dialog.getByRole("textbox", { name: names("Group name") }).waitFor()
      await lan.named("button", "Create").click()
      await dialog.getByRole("alert").waitFor()
      await dialog.getByRole("textbox", { name: names("Group name") }).fill("Tea friends 茶友")
      await dialog.getByRole("checkbox", { name: "bo", exact: true }).check()
      await dialog.getByRole("checkbox", { name: "eve", exact: true }).check()
      expect(await axe(lan.page)).toEqual([])
      await lan.named("button", "Create").click()
      await dialog.waitFor({ state: "hidden" })
      await lan.named("log", "Messages").waitFor()

      await bo.openChat("Tea friends 茶友")
      await eve.openChat("Tea friends 茶友")
      await lan.say("Welcome 🍵")
      await bo.sees("Welcome 🍵")
      await bo.say("Thank you")
      await eve.sees("Welcome 🍵", "Thank you")
      await eve.say("So am I")
      for (const one of [lan, bo, eve]) await one.sees("Welcome 🍵", "Thank you", "So am I")
      // Who speaks stands over the words.
      await eve.named("log", "Messages").getByText("bo", { exact: true }).waitFor()

      await lan.named("button", "Chat details").click()
      await lan.named("list", "Members").getByText(names("Owner"), { exact: true }).waitFor()
      expect(await axe(lan.page)).toEqual([])
      await lan.named("button", "Rename group").click()
      const renaming = lan.named("dialog", "Rename group")
      await renaming.getByRole("textbox", { name: names("Group name") }).fill("Green tea")
      await renaming.getByRole("button", { name: names("Save") }).click()
      await renaming.waitFor({ state: "hidden" })
      await bo.page.getByRole("heading", { name: /Green tea/ }).waitFor()

      await eve.named("button", "Chat details").click()
      await eve.named("button", "Leave group").first().click()
      await eve.page
        .getByRole("dialog")
        .getByRole("button", { name: names("Leave group") })
        .click()
      await eve.page.getByRole("dialog").waitFor({ state: "hidden" })
      await bo.say("Three minus one")
      await lan.sees("Welcome 🍵", "Thank you", "So am I", "Three minus one")
      await lan.page.getByText(`${names("Members")} (2)`).waitFor()
      expect(await eve.articles()).toHaveLength(3)

      await lan.page.setViewportSize({ width: 390, height: 760 })
      expect(await axe(lan.page)).toEqual([])
      const wide = await lan.page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide).toBeLessThanOrEqual(390)
    },
  )
})
