/**
 * Records of a room's keys that are gone, or older than the others: nothing is sealed from there, the device joins anew. And blocks
 * of its history that are gone come again.
 */
import type { Row } from "@teahouse/client/store/port.ts"
import { expect, test } from "vitest"
import { houseForEach, signedIn } from "./house-for-each.ts"
import { befriend, eventsOf, newDisk, type Person, textsOf } from "./person.ts"

const { person } = houseForEach({
  ...{ commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 10_000 },
})

test.each([
  ["what was sealed since the last commit is gone", "delta/", "gone"],
  ["what was sealed since the last commit is as it was a message ago", "delta/", "older"],
  ["the group's state is gone", "group/", "gone"],
] as const)("%s: the device joins anew and goes on", async (_name, prefix, how) => {
  const disk = newDisk()
  const [lan, bo] = [person({}, disk), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const { user } = await signedIn(lan)
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
  const again = person({}, disk)
  await again.say(room, "three")
  await bo.reads(room, ["one", "two", "three"])
  await bo.say(room, "four")
  const { items } = await again.reads(room, ["one", "two", "three", "four"])
  expect(eventsOf(items)).toContain("rejoined")
})

test.each([
  ["all of its complete blocks are gone", () => true],
  ["one of its complete blocks is gone", (at: number) => at === 0],
] as const)("%s: they come again by themselves, although nothing else is said", async (_name, goes) => {
  const disk = newDisk()
  const [lan, bo] = [person({}, disk), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const { user } = await signedIn(lan)
  const lines = Array.from({ length: 600 }, (_, at) => `line ${at}`)
  for (const line of lines) await bo.say(room, line)
  const has = (one: Person, line: string) =>
    one.until("timeline", { room, around: "end", limit: 500 }, ({ items }) => textsOf(items).includes(line))
  await has(lan, "line 599")
  await lan.safe()
  await lan.client.stop()
  // Nobody else could give it.
  await bo.client.stop()

  const store = await disk.stores.open(user)
  const segments = await store.keys(`segment/${room}`)
  expect(segments.length).toBe(2)
  const gone = segments.filter((_, at) => goes(at))
  await store.batch(gone.map((drop) => ({ drop })))
  const fetched = new Set<string>()
  const counting: typeof fetch = (url, init) => {
    const block = init?.method === "GET" && /\/history\/[^/]+\/\d+\/\d+/.exec(String(url))?.[0]
    if (block) fetched.add(block)
    return fetch(url, init)
  }
  const again = person({ fetch: counting }, disk)
  await expect.poll(() => store.keys(`segment/${room}`)).toEqual(segments)
  const { items } = await again.until("timeline", { room, around: 3, limit: 500 }, (value) =>
    textsOf(value.items).includes("line 10"),
  )
  expect(textsOf(items).slice(0, 200)).toEqual(lines.slice(0, 200))
  // What is here is not fetched again.
  expect(fetched.size).toBe(gone.length)
})
