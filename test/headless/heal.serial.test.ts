/**
 * Records of a room's keys that are gone, or older than the others: nothing is sealed from there, the device joins anew. And blocks
 * of its history that are gone come again. Records that cannot be read are taken out, and nobody is asked for the password.
 */
import type { Row } from "@teahouse/client/store/port.ts"
import { openWebSocket } from "@teahouse/client/web-socket.ts"
import { expect, test } from "vitest"
import { houseForEach, signedIn } from "./house-for-each.ts"
import { arriveAsFriends, eventsOf, newDisk, type Person, textsOf } from "./person.ts"

const { person } = houseForEach({
  ...{ commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 10_000 },
})

/** Lan, whose disk is going to be damaged, and Bo, who talks with her. */
async function friends() {
  const disk = newDisk()
  const [lan, bo] = [person(disk), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  return { disk, lan, bo, room, user: (await signedIn(lan)).user }
}

test.each([
  ["what was sealed since the last commit is gone", "delta/", "gone"],
  ["what was sealed since the last commit is as it was a message ago", "delta/", "older"],
  ["the group's state is gone", "group/", "gone"],
] as const)("%s: the device joins anew and goes on", async (_name, prefix, how) => {
  const { disk, lan, bo, room, user } = await friends()
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

test.each([
  ["all of its complete blocks are gone", () => true],
  ["one of its complete blocks is gone", (at: number) => at === 0],
] as const)("%s: they come again by themselves, although nothing else is said", async (_name, goes) => {
  const { disk, lan, bo, room, user } = await friends()
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
  const again = person({ ...disk, fetch: counting })
  await expect.poll(() => store.keys(`segment/${room}`)).toEqual(segments)
  const { items } = await again.until("timeline", { room, around: 3, limit: 500 }, (value) =>
    textsOf(value.items).includes("line 10"),
  )
  expect(textsOf(items).slice(0, 200)).toEqual(lines.slice(0, 200))
  // What is here is not fetched again.
  expect(fetched.size).toBe(gone.length)
})

const flipLast = ({ key, value }: Row) => {
  value.set([(value.at(-1) as number) ^ 1], value.length - 1)
  return { put: key, value }
}

test("records that cannot be read at the start are repaired without the password", async () => {
  const { disk, lan, bo, room, user } = await friends()
  await bo.say(room, "one")
  await lan.reads(room, ["one"])
  await lan.safe()
  await lan.client.stop()
  const store = await disk.stores.open(user)
  const rows = (await store.range("")).filter(({ key }) => !["account", "lock"].includes(key))
  expect(new Set(rows.map(({ key }) => key.split("/")[0])).size).toBeGreaterThan(10)
  await store.batch(rows.map(flipLast))

  const again = person(disk)
  await signedIn(again)
  await bo.say(room, "two")
  await again.reads(room, ["one", "two"])
  await again.say(room, "three")
  await bo.reads(room, ["one", "two", "three"])
  expect(again.bugs).toEqual([])
})

test("one that is found only when they are in is repaired, and they stay in", async () => {
  const { disk, lan, bo, room, user } = await friends()
  const lines = Array.from({ length: 300 }, (_, at) => `line ${at}`)
  for (const line of lines) await bo.say(room, line)
  const shows = (one: Person, around: number | "end", line: string) =>
    one.until("timeline", { room, around, limit: 30 }, ({ items }) => textsOf(items).includes(line))
  await shows(lan, "end", "line 299")
  await lan.safe()
  await lan.client.stop()
  await bo.client.stop()
  const store = await disk.stores.open(user)
  const [first] = await store.range(`segment/${room}`)
  await store.batch([flipLast(first as Row)])

  const again = person(disk)
  const sessions: string[] = []
  const off = again.client.subscribe("session", undefined, ({ state }) => void sessions.push(state))
  // The start reads no complete blocks: this one is come upon when they are looked through.
  await expect.poll(() => sessions).toEqual(["starting", "signed_in", "starting", "signed_in"])
  off()
  const { items } = await shows(again, 3, "line 10")
  expect(textsOf(items).slice(0, 11)).toEqual(lines.slice(0, 11))
})

test("a line that was not sent and cannot be read any more is said to be lost", async () => {
  const { disk, lan, bo, room, user } = await friends()
  await lan.client.stop()
  const offline = person({
    ...disk,
    fetch: () => Promise.reject(new TypeError("no network")),
    openSocket: (_url, handlers) => openWebSocket("ws://127.0.0.1:9", handlers),
  })
  await offline.must("send", { room, text: "on its way" })
  await offline.client.stop()
  const store = await disk.stores.open(user)
  const waiting = await store.range("outbox/")
  expect(waiting.length).toBe(1)
  await store.batch(waiting.map(flipLast))

  const again = person(disk)
  const { alarms } = await again.until("connection", undefined, (value) => value.alarms.length > 0)
  expect(alarms.map(({ kind, room: where }) => ({ kind, where }))).toEqual([
    { kind: "unsent_damaged", where: room },
  ])
  await again.say(room, "said again")
  await bo.reads(room, ["said again"])
})
