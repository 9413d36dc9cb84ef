/**
 * A house that keeps messages for thirty days: they go from its log, and nobody misses one. Not the device that was away all
 * the time, which has them from its account's history; and nothing goes that somebody does not have.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, type Person, textsOf } from "./person.ts"

const MONTH = 31 * 24 * 3_600_000
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A house whose clock goes later by so many milliseconds, and what it has: opened as often as somebody wants, on one folder. */
function keeping() {
  const data = mkdtempSync(join(tmpdir(), "teahouse-retention-"))
  undo.push(() => rmSync(data, { recursive: true, force: true }))
  return {
    async open(later: number): Promise<RunningHouse> {
      const house = await startHouse({
        ...{ data, port: 0, stretching: cheap, logLevel: "silent", retentionDays: 30 },
        limits: { commitIntervalMs: 50, commitBurst: 50 },
        now: () => Date.now() + later,
      })
      undo.push(() => house.stop())
      return house
    },
    /** Bodies of messages that the house has, and how many messages there are. */
    bodies() {
      const db = new DatabaseSync(join(data, "house.db"), { readOnly: true })
      const row = db.prepare("SELECT COUNT(body) AS there, COUNT(*) AS all_ FROM entry WHERE kind = 0").get()
      db.close()
      return [Number(row?.there), Number(row?.all_)] as const
    },
  }
}

test("old messages go from the log, and who was away for a month reads them all the same", async () => {
  const { open, bodies } = keeping()
  let house = await open(0)
  const people: Person[] = []
  const person = (disk = newDisk()) => {
    const one = openPerson(house.url, disk)
    people.push(one)
    undo.push(() => one.client.stop())
    return one
  }
  const disks = [newDisk(), newDisk(), newDisk()]
  const [lan, bo] = [person(disks[0]), person(disks[1])]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  // Bo's other device comes in, and is away from then on.
  const phone = person(disks[2])
  await phone.signIn("bo")
  expect(await phone.chatWith("lan")).toBe(room)
  await phone.until("room", { room }, (value) => value.state === "here")
  await lan.say(room, "all here")
  await phone.reads(room, ["all here"])
  await phone.client.stop()
  const texts = ["all here", ...Array.from({ length: 12 }, (_, i) => `line ${i}`)]
  for (const text of texts.slice(1)) await lan.say(room, text)
  for (const one of [lan, bo]) {
    await one.reads(room, texts)
    await one.safe()
  }
  await Promise.all([lan.client.stop(), bo.client.stop()])
  await house.stop()
  expect(bodies()[0]).toBe(bodies()[1])

  house = await open(MONTH)
  await expect.poll(() => bodies()[1] - bodies()[0]).toBeGreaterThanOrEqual(texts.length)
  const [back, again] = [person(disks[2]), person(disks[0])]
  await back.reads(room, texts)
  await again.reads(room, texts)
  await again.say(room, "still here")
  await back.reads(room, [...texts, "still here"])
  for (const one of people) expect(one.bugs).toEqual([])
})

test("nothing rests in the log because somebody has left a group and come back", async () => {
  const { open, bodies } = keeping()
  const house = await open(0)
  const [lan, bo] = [openPerson(house.url), openPerson(house.url)]
  for (const { client } of [lan, bo]) undo.push(() => client.stop())
  await lan.register("lan")
  await bo.register("bo")
  await befriend(lan, "lan", bo, "bo")
  const session = await bo.until("session", undefined, ({ state }) => state === "signed_in")
  const users = session.state === "signed_in" ? [session.user] : []
  const { room } = await lan.must("createGroup", { name: "Tea", members: users })
  const here = (one: Person, count: number) =>
    one.until("room", { room }, (value) => value.state === "here" && value.members.length === count)
  for (const one of [lan, bo]) await here(one, 2)
  await lan.say(room, "before")
  await bo.timeline(room, (items) => textsOf(items).includes("before"))
  await bo.must("leaveGroup", { room })
  await here(lan, 1)
  await lan.say(room, "without bo")
  await lan.must("inviteToGroup", { room, users })
  for (const one of [lan, bo]) await here(one, 2)
  await lan.say(room, "after")
  await bo.timeline(room, (items) => textsOf(items).includes("after"))
  await lan.reads(room, ["before", "without bo", "after"])
  for (const one of [lan, bo]) await one.safe()
  await Promise.all([lan.client.stop(), bo.client.stop()])
  await house.stop()

  await open(MONTH)
  await expect.poll(() => bodies()[0]).toBe(0)
  expect(bodies()[1]).toBeGreaterThan(3)
  for (const one of [lan, bo]) expect(one.bugs).toEqual([])
})
