/** What an account's devices have seen of it no house takes back unnoticed (docs/decisions/37). */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Fetch, systemTimers, type Timers } from "@teahouse/client/platform.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, PASSWORD, type Person, textsOf } from "./person.ts"
import { takeColumns, takeRows } from "./rows.ts"

let data: string
let house: RunningHouse
let people: Person[]
const limits = {
  commitIntervalMs: 100,
  commitBurst: 20,
  signInsPerMinuteAccount: 1_000,
  signInsPerMinuteAddress: 1_000,
  historyWritesPerSecond: 1_000,
}
const person = (more: Parameters<typeof openPerson>[2] = {}, disk = newDisk()) => {
  const made = openPerson(house.url, disk, { beliefEveryMs: 50, ...more })
  people.push(made)
  return made
}
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "teahouse-believe-"))
  house = await startHouse({ port: 0, data, stretching: cheap, logLevel: "silent", limits })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(data, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

// biome-ignore lint/suspicious/noExplicitAny: answers of any route, changed on their way
type Answer = any
const alarmed = (one: Person, kind = "account_rolled_back") =>
  one.until("connection", undefined, ({ alarms }) => alarms.some((alarm) => alarm.kind === kind))
const alarmsOf = async (one: Person) => (await one.until("connection", undefined, () => true)).alarms
const isCalled = (one: Person, nickname: string) =>
  one.until("settings", undefined, (settings) => settings.nickname === nickname)
const deviceOf = async (one: Person) => {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  return (session as { device: Id }).device
}
/** What waits for the notebook is there: a device that comes in now has it. */
const call = async (one: Person, nickname: string) => {
  await one.must("setSettings", { nickname })
  await isCalled(one, nickname)
}
test("a notebook that the house puts back is noticed at the next change, and the house is given the newer one", async () => {
  const lan = person()
  await lan.register("lan")
  await call(lan, "one")
  const phone = person()
  await phone.signIn("lan")
  await isCalled(phone, "one")
  const old = takeRows(data, ["notebook"])
  for (const name of ["two", "three"]) await call(lan, name)
  await isCalled(phone, "three")
  old.putBack()
  await lan.must("setSettings", { theme: "dark" })
  await alarmed(lan)
  const tablet = person()
  await tablet.signIn("lan")
  const newest = (one: Person) =>
    one.until("settings", undefined, ({ nickname, theme }) => nickname === "three" && theme === "dark")
  for (const one of [tablet, phone]) await newest(one)
  expect(await alarmsOf(tablet)).toEqual([])
})

test("a house that has lost changes and says so by its cursor is given them before anything is changed", async () => {
  const lan = person()
  await lan.register("lan")
  await call(lan, "one")
  const [old, cursor] = [takeRows(data, ["notebook"]), takeColumns(data, "account", ["notebook_cursor"])]
  await call(lan, "two")
  await call(lan, "three")
  old.putBack()
  cursor.putBack()
  // Of another record: nothing stands in its way.
  await lan.must("nameDevice", { device: await deviceOf(lan), name: "desk" })
  await alarmed(lan)
  await isCalled(lan, "three")
  const phone = person()
  await phone.signIn("lan")
  await isCalled(phone, "three")
  expect(await alarmsOf(phone)).toEqual([])
})

test("devices to which a house shows different notebooks find out by what they say to each other", async () => {
  const lan = person()
  await lan.register("lan")
  let frozen: Answer | undefined
  const lying: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!/\/notebook\?/.test(url) || response.status >= 300) return response
    const answer = JSON.parse(await response.text()) as Answer
    if (frozen) Object.assign(answer, { records: [], more: false, cursor: frozen.cursor })
    else if (answer.cursor > 0) Object.assign(frozenOf, { cursor: answer.cursor })
    return new Response(JSON.stringify(answer), { status: response.status })
  }
  const frozenOf: Answer = { cursor: 0 }
  const phone = person({ fetch: lying })
  await phone.signIn("lan")
  await call(lan, "one")
  await isCalled(phone, "one")
  expect(await alarmsOf(phone)).toEqual([])
  frozen = frozenOf
  await call(lan, "two")
  await alarmed(phone)
  // What the house hides it has taken back; what is here stays.
  await isCalled(phone, "one")
  expect(await alarmsOf(lan)).toEqual([])
})

test("history that the house puts back is noticed, and it has the newer one again", async () => {
  const lan = person()
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "one")
  await lan.reads(room, ["one"])
  await lan.safe()
  const old = takeRows(data, ["history_segment", "history_body", "history_account"])
  await bo.say(room, "two")
  await lan.reads(room, ["one", "two"])
  await lan.safe()
  old.putBack()
  await bo.say(room, "three")
  await alarmed(lan)
  const all = ["one", "two", "three"]
  await lan.reads(room, all)
  await lan.safe()
  const phone = person()
  await phone.signIn("lan")
  await phone.timeline(room, (items) => JSON.stringify(textsOf(items)) === JSON.stringify(all))
  expect(await alarmsOf(phone)).toEqual([])
})

test("an older vault than the account's devices have seen opens nothing, here and on a new device", async () => {
  const disk = newDisk()
  const lan = person({}, disk)
  await lan.register("lan")
  const vault = ["vault_version", "record", "root_by_password", "root_by_recovery", "recovery_key"]
  const old = takeColumns(data, "account", vault)
  const now = "another garden with 4 cranes"
  await lan.must("changePassword", { current: PASSWORD, password: now })
  const tablet = person()
  await tablet.must("signIn", { username: "lan", password: now })
  await tablet.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.kind === "self"))
  await lan.must("signOut", { forget: false })
  old.putBack()

  const refused = { ok: false, error: { kind: "vault_rolled_back" } }
  expect(await lan.command("signIn", { username: "lan", password: PASSWORD })).toEqual(refused)
  const phoneDisk = newDisk()
  const phone = person({}, phoneDisk)
  await phone.must("signIn", { username: "lan", password: PASSWORD })
  const out = await phone.until(
    "session",
    undefined,
    (value) => value.state === "signed_out" && value.reason !== undefined,
  )
  expect(out).toMatchObject({ reason: "vault_rolled_back" })
  expect(await phone.command("signIn", { username: "lan", password: PASSWORD })).toEqual(refused)
})

/** Timers that run when the test says: everything that this account's device notes at its leisure. */
function leisure() {
  const due = new Set<() => void>()
  const timers: Timers = (ms, run) => {
    if (ms < 35_000) return systemTimers(ms, run)
    const task = () => {
      due.delete(task)
      run()
    }
    due.add(task)
    return () => void due.delete(task)
  }
  let written = () => {}
  const watching: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (init?.method === "PUT" && /\/notebook$/.test(url) && response.ok) written()
    return response
  }
  return {
    parts: { timers, fetch: watching, beliefEveryMs: 77_000, jitter: () => 0.9 },
    /** Until something of it is in the notebook. */
    notes: async () => {
      await expect.poll(() => due.size).toBeGreaterThan(0)
      const done = new Promise<void>((resolve) => {
        written = resolve
      })
      for (const task of [...due]) task()
      await done
    },
  }
}

const peopleIn = (one: Person, room: Id, count: number) =>
  one.until("room", { room }, (value) => value.state === "here" && value.members.length === count)
const userOf = async (one: Person) => {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  return (session as { user: Id }).user
}
const linesOf = async (one: Person, room: Id) => {
  const { items } = await one.timeline(room, (all) => all.length > 0)
  return items.flatMap((item) => (item.type === "event" ? [item.event] : []))
}

test("a new device holds a room against who was noted there, and says who is new before anything is said", async () => {
  const quiet = leisure()
  const disk = newDisk()
  const lan = person(quiet.parts, disk)
  const [bo, eve, fay] = [person(), person(), person()]
  const all = [
    [lan, "lan"],
    [bo, "bo"],
    [eve, "eve"],
    [fay, "fay"],
  ] as const
  await Promise.all(all.map(([one, name]) => one.register(name)))
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  await befriend(bo, "bo", fay, "fay")
  const members = [await userOf(bo), await userOf(eve)]
  const { room } = await lan.must("createGroup", { name: "tea", members })
  for (const one of [lan, bo, eve]) await peopleIn(one, room, 3)

  let shown = ""
  let goesBack = false
  const remembering: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!url.endsWith(`${room}/group-info`) || response.status >= 300) return response
    const text = await response.text()
    if (!goesBack) shown = text
    return new Response(shown, { status: response.status })
  }
  // Nobody of the account has noted who is there: all are named.
  const early = person({ fetch: remembering, beliefEveryMs: 3_600_000 })
  await early.signIn("lan")
  await early.until("room", { room }, (value) => value.state === "here")
  expect(await linesOf(early, room)).toContainEqual(expect.objectContaining({ kind: "present", count: 2 }))
  await early.say(room, "here I am")
  await lan.reads(room, ["here I am"])
  await early.client.stop()
  goesBack = true
  await quiet.notes()

  // An older group than the one that was noted is no way in.
  const behind = person({ fetch: remembering, beliefEveryMs: 3_600_000 })
  await behind.signIn("lan")
  await behind.until("connection", undefined, ({ alarms }) =>
    alarms.some((alarm) => alarm.kind === "rolled_back" && alarm.room === room),
  )
  expect((await behind.until("roomList", undefined, () => true)).rooms.map((one) => one.room)).not.toContain(
    room,
  )
  await behind.client.stop()
  await lan.client.stop()

  await bo.must("inviteToGroup", { room, users: [await userOf(fay)] })
  await peopleIn(fay, room, 4)
  const evePhone = person()
  await evePhone.signIn("eve")
  await evePhone.until("room", { room }, (value) => value.state === "here" && value.writable)
  const later = person()
  await later.signIn("lan")
  await later.until("room", { room }, (value) => value.state === "here")
  const lines = (await linesOf(later, room)).filter(({ kind }) => kind !== "history_from_here")
  expect(lines).toMatchObject([
    { kind: "joined", person: { username: "fay" } },
    { kind: "new_device", person: { username: "eve" } },
  ])
  expect((await later.until("connection", undefined, () => true)).alarms).toEqual([])
})
