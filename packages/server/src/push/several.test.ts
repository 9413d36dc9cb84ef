/** Pushes of a house with several nodes: a device is woken by one of them, and not while it is at another. */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createMemoryBus } from "../bus/memory.ts"
import type { Database } from "../db/port.ts"
import { id, openDb, openTestRoom, random, tempDir } from "../room/log.fixture.ts"
import { createPresence } from "../socket/presence.ts"
import { member } from "../socket/socket.fixture.ts"
import { createPush, type Push } from "./push.ts"

let dir: ReturnType<typeof tempDir>
let db: Database
let now = 1_000_000
const stops: (() => void)[] = []
beforeEach(async () => {
  dir = tempDir()
  db = await openDb(dir.path)
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await db.close()
  dir.remove()
})

/** Longer than gathering and asking take, where nothing is to come of it. */
const settle = () => new Promise((done) => setTimeout(done, 100))

async function world() {
  const bus = createMemoryBus()
  const knocks: string[] = []
  const node = (name: string) => {
    const devices = new Set<Id>()
    const presence = createPresence({ bus, has: (device) => devices.has(device), random, answerMs: 10 })
    const push: Push = createPush({
      ...{ db, now: () => now, trusted: ["https://push.example"], everyMs: 60_000, gatherMs: 5 },
      async knock() {
        knocks.push(name)
        return { kind: "taken" }
      },
      connected: (device) => devices.has(device),
      others: { bus, elsewhere: presence.elsewhere },
      onError: (error) => {
        throw error
      },
    })
    stops.push(push.stop, presence.stop)
    return { ...push, devices }
  }
  const [lin, mei] = [await member(db, 0), await member(db, 1)]
  const { room } = await openTestRoom(db, [lin, mei])
  const subscribe = (at: Push) =>
    db
      .write("push.subscribe", {
        ...{ device: idBytes(mei.device), user: idBytes(mei.user), now },
        endpoint: utf8(`https://push.example/${id()}`),
      })
      .then(() => at.subscribed())
  return { one: node("one"), two: node("two"), knocks, lin, mei, room, subscribe }
}

test("who is at another node is not woken; who is at none is, once a minute, whichever node hears of it", async () => {
  const { one, two, knocks, lin, mei, room, subscribe } = await world()
  await subscribe(two)
  two.devices.add(mei.device)
  one.said(room, lin.device)
  await settle()
  expect(knocks).toEqual([])
  two.devices.delete(mei.device)
  one.said(room, lin.device)
  await expect.poll(() => knocks).toEqual(["one"])
  two.said(room, lin.device)
  await settle()
  expect(knocks).toEqual(["one"])
  now += 60_000
  two.said(room, lin.device)
  await expect.poll(() => knocks).toEqual(["one", "two"])
  // It was there at one, and has gone: at two the minute is over too.
  one.arrived(mei.device)
  await settle()
  two.said(room, lin.device)
  await expect.poll(() => knocks).toEqual(["one", "two", "two"])
})

test("a node that has found no subscription hears of the first", async () => {
  const { one, two, knocks, lin, room, subscribe } = await world()
  one.said(room, lin.device)
  two.said(room, lin.device)
  await settle()
  await subscribe(two)
  await settle()
  one.said(room, lin.device)
  await expect.poll(() => knocks).toEqual(["one"])
})

test("or asks again after a while, where it was not told", async () => {
  const { one, two, knocks, lin, room, subscribe } = await world()
  one.said(room, lin.device)
  await settle()
  await subscribe({ ...two, subscribed() {} })
  one.said(room, lin.device)
  await settle()
  expect(knocks).toEqual([])
  now += 60_000
  one.said(room, lin.device)
  await expect.poll(() => knocks).toEqual(["one"])
})
