/** A group of more people than one commit can add: it is made, it grows by itself, and whoever came last is in it like the first. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriendAll, crowd } from "./crowd.ts"
import { befriend, cheap, newDisk, openPerson, type Person, textsOf } from "./person.ts"

const MEMBERS = 150
let folder: string
let house: RunningHouse
let people: Person[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-crowd-"))
  const open = {
    ...{ requestsPerSecondAddress: 100_000, requestBurstAddress: 100_000 },
    ...{ signInsPerMinuteAddress: 100_000, commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10 },
  }
  // More people are fetched than the house gives out at once: it asks for patience, and gets it.
  const asking = { claimBurst: 100, claimsPerMinute: 6_000 }
  house = await startHouse({
    port: 0,
    data: folder,
    stretching: cheap,
    logLevel: "silent",
    limits: { ...open, ...asking },
  })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

async function newcomer(name: string, disk = newDisk()): Promise<Person & { readonly user: Id }> {
  const one = openPerson(house.url, disk)
  people.push(one)
  await one.register(name)
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error("not signed in")
  return Object.assign(one, { user: session.user })
}

test(`${MEMBERS} people are one group, and the first, the last and its maker read one another`, async () => {
  const disk = newDisk()
  const [lan, bo, eve] = [await newcomer("lan", disk), await newcomer("bo"), await newcomer("eve")]
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const others = await crowd(house.url, MEMBERS - 3)
  befriendAll(join(folder, "house.db"), lan.user, others)

  const members = [bo.user, ...others.map(({ person }) => person.user), eve.user]
  const { room } = await lan.must("createGroup", { name: "Village 村", members })
  for (const one of [lan, bo, eve])
    await one.until(
      "room",
      { room },
      (value) => value.state === "here" && value.title === "Village 村" && value.members.length === MEMBERS,
    )
  // Who was there when the rest came has one line of it, not one for each.
  const rest = MEMBERS - 1 - limits.addsPerCommit
  await bo.timeline(room, (items) =>
    items.some(
      (item) =>
        item.type === "event" &&
        item.event.kind === "many" &&
        item.event.count === rest &&
        item.event.people.length === 3,
    ),
  )
  await eve.say(room, "I came last")
  await bo.timeline(room, (items) => textsOf(items).includes("I came last"))
  await bo.say(room, "I came first")
  for (const one of [lan, bo, eve])
    await one.timeline(room, (items) => textsOf(items).join() === "I came last,I came first")

  // The same people into a group that is there: one word of its maker, and it goes on by itself, also after a restart.
  const { room: there } = await lan.must("createGroup", { name: "Town", members: [] })
  await lan.must("inviteToGroup", { room: there, users: members })
  await lan.client.stop()
  const again = openPerson(house.url, disk)
  people.push(again)
  for (const one of [again, bo, eve])
    await one.until(
      "room",
      { room: there },
      (value) => value.state === "here" && value.members.length === MEMBERS,
    )
  await eve.say(there, "here too")
  await bo.timeline(there, (items) => textsOf(items).includes("here too"))
})

test("more people than a chat has room for are refused in words, before anybody is asked for", async () => {
  const lan = await newcomer("lan")
  const everybody = Array.from({ length: limits.roomDevices }, () =>
    newId((length) => crypto.getRandomValues(new Uint8Array(length))),
  )
  const refused = { ok: false, error: { kind: "room_full" } }
  expect(await lan.command("createGroup", { name: "World", members: everybody })).toMatchObject(refused)
  const { room } = await lan.must("createGroup", { name: "Village", members: [] })
  await lan.until("room", { room }, (value) => value.state === "here" && value.title === "Village")
  expect(await lan.command("inviteToGroup", { room, users: everybody })).toMatchObject(refused)
})
