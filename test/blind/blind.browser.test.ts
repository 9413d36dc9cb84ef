/** The house is blind to what people do in a browser: the page, its workers and everything they send. */
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, test } from "vitest"
import { openBrowser, openProfile } from "../browser.ts"
import { type Cable, openCable } from "../cable.ts"
import { type House, openHouse } from "../house.ts"
import { befriend, openTab } from "../journey/person.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { testBlindness } from "./blindness.ts"

const passwords = ["correct-horse-茶叶-battery", "another quiet secret 42"] as const
const wrongPassword = "not the right one, sorry"
const nickname = "湖边的李雷雷"
const line = "我们在火车上见过，记得吗"
const texts = [
  "今晚九点老地方见，别告诉别人",
  "I will bring the green folder",
  `${"长".repeat(300)}话短说`,
] as const
const draft = "half a thought that was never sent"
const words = [...passwords, wrongPassword, nickname, line, ...texts, draft]
/** Whichever is shown: a nickname may come a moment later. */
const lileiShown = new RegExp(`lilei|${nickname}`)

const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

describe.runIf(chromium)("the house is blind", () => {
  let browser: Browser
  let house: House
  let cable: Cable

  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse({ environment: { TEAHOUSE_LOG: "trace" } })
    cable = await openCable(house.port, { record: true })
  })
  afterAll(async () => {
    await browser.close()
    await cable.close()
    await house.remove()
  })

  test("people register, name themselves, chat and mistype", async () => {
    const lilei = await openTab(await openProfile(browser), cable.url)
    const mei = await openTab(await openProfile(browser), cable.url)
    await lilei.createAccount("lilei", passwords[0])
    await lilei.go("Settings")
    await lilei.named("textbox", "Nickname").fill(nickname)
    await lilei.named("button", "Save").click()
    await mei.createAccount("meimei", passwords[1])
    await befriend(lilei, lileiShown, mei, "meimei", line)
    await lilei.say(texts[0])
    await mei.sees(texts[0])
    await mei.say(texts[1])
    await mei.say(texts[2])
    await lilei.sees(...texts)
    await lilei.named("textbox", "Message").fill(draft)
    // A second device: the sealed account comes down, a wrong password goes up in whatever form it does.
    const phone = await openTab(await openProfile(browser), cable.url)
    await phone.named("textbox", "Username").fill("meimei")
    await phone.page.getByLabel("Password", { exact: true }).fill(wrongPassword)
    await phone.named("button", "Sign in").click()
    await phone.page.getByRole("alert").first().waitFor()
    await phone.signIn("meimei", passwords[1])
    await phone.openChat(lileiShown)
    await lilei.page.close()
    await browser.close()
    await house.stop()
  })

  testBlindness(() => ({ house, cable }), words, "meimei")
})
