/** What a client tells of as news: what came while somebody could be told, and is not read on any device. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, openPerson, PASSWORD, type Person } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const person = () => {
  const made = openPerson(house.url)
  people.push(made)
  return made
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-told-"))
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent" })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

test("news are others' unread messages, each once, the newest five of a chat, gone when read on another device", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await bo.say(room, "before anybody listened")
  await lan.reads(room, ["before anybody listened"])

  const texts: string[][] = []
  const stop = lan.client.subscribe("news", undefined, ({ items }) => {
    texts.push(items.map((item) => item.text))
  })
  await lan.until("news", undefined, ({ items }) => items.length === 0)
  await lan.say(room, "one's own is no news")
  for (let n = 1; n <= 7; n++) await bo.say(room, `line ${n}`)
  const wanted = ["line 3", "line 4", "line 5", "line 6", "line 7"]
  await expect.poll(() => texts.at(-1), { timeout: 20_000 }).toEqual(wanted)
  expect(texts.flat()).not.toContain("before anybody listened")
  expect(texts.flat()).not.toContain("one's own is no news")

  const phone = person()
  await phone.must("signIn", { username: "lan", password: PASSWORD })
  await phone.until("room", { room }, (value) => value.state === "here" && value.writable)
  await bo.say(room, "for both devices")
  const list = await phone.until("roomList", undefined, ({ rooms }) =>
    rooms.some((one) => one.room === room && one.unread > 0),
  )
  expect(list.rooms.find((one) => one.room === room)?.last?.text).toBe("for both devices")
  await phone.must("markRead", { room, seq: 1_000 })
  await expect.poll(() => texts.at(-1), { timeout: 20_000 }).toEqual([])
  stop()
})

test("do not disturb and hiding go with the account to its other devices", async () => {
  const lan = person()
  await lan.register("lan")
  const phone = person()
  await phone.must("signIn", { username: "lan", password: PASSWORD })
  const told = { quiet: "hours", quietFrom: 1_380, quietTo: 420, hideContent: true } as const
  // Two boxes ticked one right after the other: neither takes the other back.
  const { hideContent, ...hours } = told
  await Promise.all([
    lan.must("setSettings", { told: hours }),
    lan.must("setSettings", { told: { hideContent } }),
  ])
  const there = await phone.until("settings", undefined, (value) => value.told.hideContent)
  expect(there.told).toEqual(told)
})
