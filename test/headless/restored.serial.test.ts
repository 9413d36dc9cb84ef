/** A house that was restored from a backup, and the clients that were there before (docs/decisions/26-backup.md). */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { API, routes } from "@teahouse/protocol/http.ts"
import { restoreBackup } from "@teahouse/server/backup/restore.ts"
import { takeBackup } from "@teahouse/server/backup/take.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, openPerson, type Person, textsOf } from "./person.ts"

let shelf: string
let house: RunningHouse
let data: string
let people: Person[]
const limits = { commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 1_000 }
const open = (port: number) => startHouse({ port, data, stretching: cheap, limits, logLevel: "silent" })
beforeEach(async () => {
  shelf = mkdtempSync(join(tmpdir(), "teahouse-restored-"))
  data = join(shelf, "first")
  people = []
  house = await open(0)
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map(({ client }) => client.stop()))
  await house.stop()
  rmSync(shelf, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

const person = () => {
  const one = openPerson(house.url)
  people.push(one)
  return one
}
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const onProgress = () => {}
const database = "sqlite"

async function backUp(name: string) {
  const configuration = { data, database }
  const to = join(shelf, name)
  const taken = await takeBackup({
    configuration,
    to,
    operatorKey: undefined,
    now: Date.now,
    random,
    onProgress,
  })
  if (!taken.ok) throw new Error(taken.error.kind)
}
/** Lost, and back at the same address as it was when the backup was taken. */
async function restore(name: string) {
  const { port } = house
  await house.stop()
  data = join(shelf, `house of ${name}`)
  const more = { operatorKey: undefined, signOut: false, now: Date.now, onProgress }
  const restored = await restoreBackup({ from: join(shelf, name), data, database, ...more })
  if (!restored.ok) throw new Error(JSON.stringify(restored.error))
  house = await open(port)
}
const alarmsOf = async (one: Person) =>
  (await one.until("connection", undefined, ({ alarms }) => alarms.length > 0)).alarms

test("who has no more than was kept goes on, and new devices have the past of both lives", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const before = ["one", "two", "three"]
  for (const text of before) await lan.say(room, text)
  await bo.reads(room, before)
  await bo.say(room, "four")
  for (const one of [lan, bo]) await one.reads(room, [...before, "four"])
  for (const one of [lan, bo]) await one.safe()
  // Of a house that is closed, so that nobody has more of the chat; and of before their history was safe there.
  const { port } = house
  await house.stop()
  const rows = new DatabaseSync(join(data, "house.db"))
  for (const table of ["body", "segment", "account"]) rows.exec(`DELETE FROM history_${table}`)
  rows.close()
  await backUp("last night")
  house = await open(port)
  await restore("last night")

  for (const one of [lan, bo]) expect(await alarmsOf(one)).toMatchObject([{ kind: "new_incarnation" }])
  await lan.say(room, "five")
  await bo.reads(room, [...before, "four", "five"])
  await bo.say(room, "six")
  const all = [...before, "four", "five", "six"]
  for (const one of [lan, bo]) await one.reads(room, all)
  for (const one of [lan, bo]) await one.safe()
  const tablet = person()
  await tablet.signIn("lan")
  await tablet.timeline(room, (items) => JSON.stringify(textsOf(items)) === JSON.stringify(all))
  await bo.say(room, "seven")
  for (const one of [lan, bo]) await one.reads(room, [...all, "seven"])
  await tablet.timeline(room, (items) => textsOf(items).includes("seven"))
  for (const one of [...people])
    for (const { kind } of (await one.until("connection", undefined, () => true)).alarms)
      expect(kind).toBe("new_incarnation")

  // And once more, with clients that have seen one new life already.
  const again = house.port
  await house.stop()
  await backUp("tonight")
  house = await open(again)
  await restore("tonight")
  await lan.say(room, "eight")
  for (const one of [lan, bo]) await one.reads(room, [...all, "seven", "eight"])
  await tablet.timeline(room, (items) => textsOf(items).includes("eight"))
})

test("who has more than was kept loses nothing of it, and is told where", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, bo]) await one.reads(room, ["kept"])
  await backUp("last night")
  await lan.say(room, "lost")
  for (const one of [lan, bo]) await one.reads(room, ["kept", "lost"])
  await restore("last night")
  for (const one of [lan, bo]) {
    await one.until("connection", undefined, ({ alarms }) =>
      alarms.some((each) => each.kind === "new_incarnation" && each.room === room),
    )
    await one.timeline(room, (items) => JSON.stringify(textsOf(items)) === JSON.stringify(["kept", "lost"]))
  }
})

test("a restoration while nobody was signed in is told to whoever signs in, and the next one is told as the second", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await backUp("last night")
  await lan.say(room, "kept by nobody")
  await bo.reads(room, ["kept by nobody"])
  for (const one of [lan, bo]) await one.safe()
  await lan.must("signOut", { forget: false })
  await restore("last night")
  await lan.signIn("lan")
  await lan.reads(room, ["kept by nobody"])
  await lan.safe()
  const { alarms } = await lan.until("connection", undefined, (value) => value.alarms.length > 1)
  expect(alarms.map(({ kind }) => kind)).toEqual(["new_incarnation", "new_incarnation"])

  await backUp("tonight")
  // The pin goes ahead again.
  await lan.must("signOut", { forget: false })
  await restore("tonight")
  await lan.signIn("lan")
  const told = await lan.until("connection", undefined, (value) =>
    value.alarms.some(({ kind }) => kind === "restored_again"),
  )
  expect(told.alarms.map(({ kind }) => kind)).not.toContain("account_rolled_back")
})

test("a restored house that does not say yet which life it is in is asked again, before anything is held against it", async () => {
  let asked = 0
  let silent = false
  const compared: string[] = []
  const lan = openPerson(house.url, undefined, {
    async fetch(input, init) {
      const path = new URL(String(input)).pathname.slice(API.length)
      const isAsked = path === routes.house.path
      if (silent && isAsked) asked++
      if (silent && asked > 0 && !isAsked) compared.push(path)
      if (!silent || !isAsked) return fetch(input, init)
      return new Response("busy", { status: 503 })
    },
  })
  people.push(lan)
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await backUp("last night")
  await lan.say(room, "lost")
  for (const one of [lan, bo]) await one.safe()
  silent = true
  await restore("last night")
  await bo.reads(room, ["lost"])
  while (asked < 2) await new Promise((done) => setTimeout(done, 20))
  for (const { path } of [routes.readNotebook, routes.listHistory]) expect(compared).not.toContain(path)
  silent = false
  const told = await lan.until("connection", undefined, (value) =>
    value.alarms.some((one) => one.kind === "new_incarnation" && one.room === undefined),
  )
  await lan.safe()
  for (const { kind } of told.alarms) expect(kind).toBe("new_incarnation")
})
