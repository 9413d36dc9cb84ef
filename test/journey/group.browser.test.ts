/** A group of three in three browsers, against a real house: made, chatted in, grown, led, left. */
import { AxeBuilder } from "@axe-core/playwright"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese, english } from "./names.ts"
import { befriend, openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

/** What axe finds in both themes. */
async function problems({ page }: Person): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    found.push(...violations.map(({ id, nodes }) => `${colorScheme} ${id} ${nodes[0]?.html ?? ""}`))
  }
  return found
}

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
    ["English", "en-US" as const, english],
    ["中文", "zh-CN" as const, chinese],
  ])("three people make a group, chat, and one leaves (%s)", async (_, locale, names) => {
    const arrive = async (username: string) => {
      const viewport = { width: 1280, height: 800 }
      // axe writes a script into the page, which our policy would rightly refuse.
      const profile = await browser.newContext({ locale, viewport, bypassCSP: true, reducedMotion: "reduce" })
      profiles.push(profile)
      const one = await openTab(profile, house.url, names)
      await one.createAccount(username, SECRET)
      return one
    }
    const lan = await arrive("lan")
    const bo = await arrive("bo")
    const eve = await arrive("eve")
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
    expect(await problems(lan)).toEqual([])
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
    expect(await problems(lan)).toEqual([])
    await lan.named("button", "Rename group").click()
    const renaming = lan.named("dialog", "Rename group")
    await renaming.getByRole("textbox", { name: names("Group name") }).fill("Green tea")
    await lan.named("button", "Save").click()
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
    expect(await problems(lan)).toEqual([])
    const wide = await lan.page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(390)
  })
})
