/** Records of a room's keys that are gone, or older than the others: nothing is sealed from there, the device joins anew. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Row } from "@teahouse/client/store/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, type Person } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const person = (disk = newDisk()) => {
  const made = openPerson(house.url, disk)
  people.push(made)
  return made
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-heal-"))
  const limits = { commitIntervalMs: 100, commitBurst: 20 }
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

test.each([
  ["what was sealed since the last commit is gone", "delta/", "gone"],
  ["what was sealed since the last commit is as it was a message ago", "delta/", "older"],
  ["the group's state is gone", "group/", "gone"],
] as const)("%s: the device joins anew and goes on", async (_name, prefix, how) => {
  const disk = newDisk()
  const [lan, bo] = [person(disk), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const session = await lan.until("session", undefined, ({ state }) => state === "signed_in")
  const user = session.state === "signed_in" ? session.user : ("" as Id)
  const rows = async () => (await disk.stores.open(user)).range(prefix + room)
  await lan.say(room, "one")
  await bo.reads(room, ["one"])
  await lan.reads(room, ["one"])
  const before: readonly Row[] = await rows()
  await lan.say(room, "two")
  await bo.reads(room, ["one", "two"])
  await lan.reads(room, ["one", "two"])
  await lan.client.stop()

  const store = await disk.stores.open(user)
  expect(await rows()).not.toEqual([])
  await store.batch([{ dropPrefix: prefix + room }])
  if (how === "older") await store.batch(before.map(({ key, value }) => ({ put: key, value })))
  const again = person(disk)
  await again.say(room, "three")
  await bo.reads(room, ["one", "two", "three"])
  await bo.say(room, "four")
  const { items } = await again.reads(room, ["one", "two", "three", "four"])
  expect(eventsOf(items)).toContain("rejoined")
})
