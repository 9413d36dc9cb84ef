/**
 * Somebody has another identity than before (SECURITY R1). Our own house has no door for that: a user id keeps its identity key for
 * ever (docs/decisions/37). So a house stands here whose operator has taken somebody's account out below it, and hidden from it that
 * the id was ever in a room while a new account takes it.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { forgetAccount, withId } from "./other-identity.ts"
import { befriend, cheap, eventsOf, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let data: string
let house: RunningHouse
let people: Person[]
const person = (more: Parameters<typeof openPerson>[2] = {}, disk = newDisk()) => {
  const made = openPerson(house.url, disk, more)
  people.push(made)
  return made
}
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "teahouse-identity-"))
  const limits = { commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10 }
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

const userOf = async (one: Person) => {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  return (session as { user: Id }).user
}

const isChanged = (one: Person, room: Id, wanted: boolean) =>
  one.until("room", { room }, (value) => value.state === "here" && (value.changed ?? false) === wanted)
const titlesOf = async (one: Person) =>
  (await one.until("roomList", undefined, () => true)).rooms.map(({ room }) => room)

test("a friend who began anew gets nothing before one has decided, and then comes back into the chat and one's groups", async () => {
  const [lan, bo, eve] = [person(), person(), person()]
  await Promise.all([lan.register("lan"), bo.register("bo"), eve.register("eve")])
  const room = await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const [boUser, eveUser] = [await userOf(bo), await userOf(eve)]
  const { room: group } = await lan.must("createGroup", { name: "tea", members: [boUser, eveUser] })
  for (const one of [lan, bo, eve])
    await one.until("room", { room: group }, (value) => value.state === "here" && value.members.length === 3)
  await lan.say(room, "before")
  await bo.reads(room, ["before"])
  const { number } = (await lan.until("safety", { user: boUser }, (value) => value.state === "here")) as {
    number: string
  }
  await bo.client.stop()

  const putBack = forgetAccount(data, boUser)
  const anew = person({ crypto: withId(boUser) })
  await anew.register("bo")
  putBack()
  expect(await userOf(anew)).toBe(boUser)
  // The chat is opened on a device that has not looked at it yet.
  const phone = person()
  await phone.signIn("lan")
  await phone.until("room", { room }, (value) => value.state === "here")
  await isChanged(phone, room, true)
  const blocked = { ok: false, error: { kind: "identity_changed" } }
  expect(await phone.command("send", { room, text: "is it you?" })).toEqual(blocked)
  expect(await titlesOf(anew)).not.toContain(room)
  expect(await titlesOf(anew)).not.toContain(group)

  const safety = await phone.until(
    "safety",
    { user: boUser },
    (value) => value.state === "here" && value.changed !== undefined,
  )
  if (safety.state !== "here" || !safety.changed) throw new Error("no new number")
  expect(safety.number).toBe(number)
  // What was compared before decides nothing.
  expect(await phone.command("acceptIdentity", { user: boUser, number })).toMatchObject({ ok: false })
  expect(await titlesOf(anew)).not.toContain(room)
  await phone.must("acceptIdentity", { user: boUser, number: safety.changed.number })

  await isChanged(phone, room, false)
  await phone.say(room, "welcome back")
  await anew.timeline(room, (items) => textsOf(items).includes("welcome back"))
  await anew.say(room, "it is me")
  await phone.timeline(room, (items) => textsOf(items).includes("it is me"))
  await anew.until("room", { room: group }, (value) => value.state === "here" && value.members.length === 3)
  // The others in the group are told, and go on.
  await eve.timeline(group, (items) => eventsOf(items).includes("new_identity"))
  await eve.say(group, "who is this?")
  await anew.timeline(group, (items) => textsOf(items).includes("who is this?"))
  // The other device of the one who decided hears of it, and sends again, too.
  await isChanged(lan, room, false)
  await lan.say(room, "and from here")
  await anew.timeline(room, (items) => textsOf(items).includes("and from here"))
})

test("what is said between the decision and the friend's new device in the chat waits, and goes to that one alone", async () => {
  let release = () => {}
  const held = new Promise<void>((done) => {
    release = done
  })
  let holds = false
  const lan = person({
    async fetch(input, init) {
      if (holds && String(input).endsWith("/commits")) await held
      return fetch(input, init)
    },
  })
  const bo = person()
  await Promise.all([lan.register("lan"), bo.register("bo")])
  const room = await befriend(lan, "lan", bo, "bo")
  const user = await userOf(bo)
  await bo.client.stop()
  const putBack = forgetAccount(data, user)
  const anew = person({ crypto: withId(user) })
  await anew.register("bo")
  putBack()

  await isChanged(lan, room, true)
  holds = true
  const safety = await lan.until(
    "safety",
    { user },
    (value) => value.state === "here" && value.changed !== undefined,
  )
  if (safety.state !== "here" || !safety.changed) throw new Error("no new number")
  const decided = lan.must("acceptIdentity", { user, number: safety.changed.number })
  await isChanged(lan, room, false)
  // Nobody has asked her to wait.
  await lan.say(room, "at once")
  const waits = await lan.timeline(room, (items) => textsOf(items).includes("at once"))
  expect(waits.items.at(-1)).not.toHaveProperty("seq")
  release()
  await decided
  await anew.timeline(room, (items) => textsOf(items).includes("at once"))
  await lan.reads(room, ["at once"])
})
