/**
 * The house is blind: after people have registered, chatted and named themselves in a browser, nothing that the house
 * stored, logged or received contains a word of it. The same search finds a word that is planted in each of these places.
 */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openBrowser, openProfile } from "../browser.ts"
import { type Cable, openCable } from "../cable.ts"
import { type House, openHouse } from "../house.ts"
import { befriend, openTab } from "../journey/person.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { readConnection } from "./received.ts"
import { type Find, search } from "./search.ts"
import { storedFiles, storedValues } from "./stored.ts"

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

  test("people register, name themselves, chat and mistype", async () => {
    const [one, two] = [await openProfile(browser), await openProfile(browser)]
    const lilei = await openTab(one, cable.url)
    const mei = await openTab(two, cable.url)
    await lilei.createAccount("lilei", passwords[0])
    await lilei.go("Settings")
    await lilei.named("textbox", "Nickname").fill(nickname)
    await lilei.named("button", "Save").click()
    await mei.createAccount("meimei", passwords[1])
    await befriend(lilei, new RegExp(`lilei|${nickname}`), mei, "meimei", line)
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
    await phone.openChat(new RegExp(`lilei|${nickname}`))
    await lilei.page.close()
    await browser.close()
    await house.stop()
  })
  afterAll(async () => {
    await browser.close()
    await cable.close()
    await house.remove()
  })

  const received = () => cable.recorded.map(readConnection)
  const places = {
    *received(): Generator<[string, Uint8Array]> {
      for (const { heads, bodies, frames } of received()) {
        for (const head of heads) yield ["head", new TextEncoder().encode(head)]
        for (const body of bodies) yield ["body", body]
        for (const frame of frames) yield ["frame", frame]
      }
    },
    *stored(): Generator<[string, Uint8Array]> {
      yield* storedFiles(house.data)
      yield* storedValues(join(house.data, "house.db"))
    },
    *logged(): Generator<[string, Uint8Array]> {
      yield ["log", new TextEncoder().encode(house.output())]
    },
  }
  const where = (finds: readonly Find[]) =>
    finds.map((find) => `${find.word} as ${find.form} in ${find.where}`)

  test("there is something to search", () => {
    const all = received()
    expect(all.flatMap((one) => one.bodies).length).toBeGreaterThan(15)
    expect(all.flatMap((one) => one.frames).length).toBeGreaterThan(6)
    expect(house.output().split("\n").length).toBeGreaterThan(5)
    // A username is known to the house, and is found by this very search.
    expect(where(search(places.received(), ["meimei"])).length).toBeGreaterThan(0)
    expect(where(search(places.stored(), ["meimei"])).length).toBeGreaterThan(0)
  })

  test("nothing that it received", () => {
    expect(where(search(places.received(), words))).toEqual([])
  })

  test("nothing that it stored", () => {
    expect(where(search(places.stored(), words))).toEqual([])
  })

  test("nothing that it logged", () => {
    expect(where(search(places.logged(), words))).toEqual([])
  })

  test("one planted word is found in each of these places", async () => {
    const again = await house.restart()
    cable.lead(again.port)
    const sealed = Buffer.from(texts[0]).toString("base64url")
    await fetch(`${cable.url}/api/login/start`, { method: "POST", body: JSON.stringify({ request: sealed }) })
    await again.stop()
    expect(where(search(places.received(), words)).join()).toContain("in body")
    const db = new DatabaseSync(join(house.data, "house.db"))
    db.exec("create table planted (value text)")
    db.prepare("insert into planted values (?)").run(Buffer.from(`xy${nickname}`).toString("base64"))
    db.close()
    expect(where(search(places.stored(), words)).join()).toContain("in planted.value")
    expect(
      search([["log", new TextEncoder().encode(`${house.output()} ${passwords[0]}`)]], words),
    ).not.toEqual([])
  })
})
