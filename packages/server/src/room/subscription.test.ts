/** Subscriptions by themselves: what a client costs that asks again and again, and where it is told that the log ends. */
import type { Down } from "@teahouse/protocol/down.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { decodeDown } from "@teahouse/protocol/wire.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createMemoryBus } from "../bus/memory.ts"
import { type Bus, roomTopic } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import { loadHouse } from "../house/house.ts"
import { encodeEntries } from "./encode.ts"
import { commitOf, id, leaves, openDb, openTestRoom, random, sendOf, tempDir } from "./log.fixture.ts"
import { readEntries } from "./read.ts"
import { createSubscriptions, type Sink, type Subscriptions } from "./subscription.ts"

/** All hints are lost: the log alone must do. */
let tellGap = () => {}
const deaf: Bus = {
  ...{ publish() {}, subscribe: () => () => {}, close: async () => {}, connected: false },
  onGap(listener) {
    tellGap = listener
    return () => {}
  },
}

let dir: ReturnType<typeof tempDir>
let db: Database
let subscriptions: Subscriptions
const errors: unknown[] = []
beforeEach(async () => {
  dir = tempDir()
  db = await openDb(dir.path)
  const house = await loadHouse(dir.path, { now: Date.now, random, opaqueSetup: () => "none" })
  const onError = (error: unknown) => errors.push(error)
  subscriptions = createSubscriptions({ db, bus: deaf, house, limits, onError, lookEveryMs: 1e9 })
})
afterEach(async () => {
  subscriptions.stop()
  await db.close()
  dir.remove()
  expect(errors).toEqual([])
})

/** The header of an unmasked frame (RFC 6455 section 5.2) goes; what is left is what the client decodes. */
function bodyOf(frame: Buffer): Uint8Array {
  const length = (frame[1] as number) & 127
  return frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10)
}

function sinkOf(device: Id) {
  const heard: Down[] = []
  let open = Promise.resolve()
  let release = () => {}
  const sink: Sink = {
    device,
    write(frame) {
      const down = decodeDown(bodyOf(frame))
      if (down.ok) heard.push(down.value)
    },
    drained: () => open,
    closed: () => false,
  }
  return {
    sink,
    heard,
    seqs: () => heard.flatMap((f) => (f.t === "entries" ? f.entries.map((e) => e.seq) : [])),
    ends: (): (number | string)[] =>
      heard.flatMap<number | string>((f) =>
        f.t === "live" ? [f.seq] : f.t === "ended" ? [f.error.kind] : [],
      ),
    /** The socket takes nothing until the answer is called. */
    block() {
      open = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
  }
}
const cursor = (room: Id, seq: number) => ({ room, incarnation: 1, seq })
const fill = async (room: Id, device: Id, from: number, to: number) => {
  const ns = Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const [placed] = await db.append([sendOf(room, device, ns)], Date.now())
  expect(placed?.ok).toBe(true)
}

test("a client that asks for one room again and again is served once, from its last cursor", async () => {
  const { room, maker } = await openTestRoom(db, leaves(1))
  await fill(room, maker.device, 2, 30)
  const client = sinkOf(maker.device)
  const letGo = client.block()
  const frame = Array.from({ length: 100 }, () => cursor(room, 0))
  const asked = Array.from({ length: 20 }, () => subscriptions.subscribe(client.sink, frame))
  asked.push(subscriptions.subscribe(client.sink, [cursor(room, 0), cursor(room, 25)]))
  await expect.poll(() => subscriptions.asking(client.sink)).toBe(0)
  expect(subscriptions.waiting(client.sink)).toBeLessThanOrEqual(1)
  letGo()
  await Promise.all(asked)
  expect(client.seqs()).toEqual([26, 27, 28, 29, 30])
  expect(client.ends()).toEqual([30])
})

test("whoever asks faster than it is answered is told to go", async () => {
  const { room, maker } = await openTestRoom(db, leaves(1))
  const { sink } = sinkOf(maker.device)
  const frame = Array.from({ length: 500 }, () => cursor(room, 0))
  const asked = Array.from({ length: 9 }, () => subscriptions.subscribe(sink, frame))
  expect(subscriptions.busy(sink)).toBe(true)
  await Promise.all(asked)
  expect(subscriptions.busy(sink)).toBe(false)
})

test("who has read further than this node has heard is told the log's end, not the node's", async () => {
  const { room, roster } = await openTestRoom(db, leaves(2))
  const [lin, mei] = roster.map((one) => sinkOf(one.device)) as [
    ReturnType<typeof sinkOf>,
    ReturnType<typeof sinkOf>,
  ]
  await subscriptions.subscribe(lin.sink, [cursor(room, 0)])
  expect(lin.ends()).toEqual([1])
  // Nobody tells this node of these; mei has read them over HTTP.
  await fill(room, roster[0]?.device as Id, 2, 6)
  await subscriptions.subscribe(mei.sink, [cursor(room, 6)])
  expect(mei.ends()).toEqual([6])
  expect(mei.seqs()).toEqual([])
  expect(lin.seqs()).toEqual([1, 2, 3, 4, 5, 6])
  // A cursor that the log has never reached is told so: then it was cut.
  const late = sinkOf(roster[1]?.device as Id)
  await subscriptions.subscribe(late.sink, [cursor(room, 9)])
  expect(late.ends()).toEqual([6])
})

test("the last listener that goes takes nobody with it who is just coming", async () => {
  const { room, roster } = await openTestRoom(db, leaves(2))
  const [lin, mei] = roster.map((one) => sinkOf(one.device)) as [
    ReturnType<typeof sinkOf>,
    ReturnType<typeof sinkOf>,
  ]
  await subscriptions.subscribe(lin.sink, [cursor(room, 1)])
  const coming = subscriptions.subscribe(mei.sink, [cursor(room, 0)])
  // At each step of the other's way.
  for (let i = 0; i < 20; i++) {
    subscriptions.leave(lin.sink)
    await Promise.resolve()
  }
  await coming
  expect(mei.ends()).toEqual([1])
  expect(subscriptions.hears(mei.sink, room)).toBe(true)
  await subscriptions.subscribe(mei.sink, [cursor(id(), 0)])
  expect(mei.ends()).toEqual([1, "unknown_room"])
})

test("what another node has written while nothing was heard of it is read after the gap; a room that is gone ends", async () => {
  const { room, maker } = await openTestRoom(db, leaves(1))
  const client = sinkOf(maker.device)
  await subscriptions.subscribe(client.sink, [cursor(room, 0)])
  await fill(room, maker.device, 2, 4)
  tellGap()
  await expect.poll(client.seqs).toEqual([1, 2, 3, 4])
  await db.write("room.drop", { room })
  tellGap()
  await expect.poll(client.ends).toEqual([1, "unknown_room"])
})

test("entries that were too large to be told are read from the log", async () => {
  const { room, maker } = await openTestRoom(db, leaves(1))
  const bus = createMemoryBus()
  const house = await loadHouse(dir.path, { now: Date.now, random, opaqueSetup: () => "none" })
  const onError = (error: unknown) => errors.push(error)
  subscriptions.stop()
  subscriptions = createSubscriptions({ db, bus, house, limits, onError, lookEveryMs: 1e9 })
  const client = sinkOf(maker.device)
  await subscriptions.subscribe(client.sink, [cursor(room, 0)])
  await fill(room, maker.device, 2, 3)
  bus.publish(roomTopic(room), { kind: "reached", room, to: 3 })
  await expect.poll(client.seqs).toEqual([1, 2, 3])
})

test.each([1, 2])("who is removed after reading %i of the roster hears nothing after it", async (at) => {
  const { room, roster, maker } = await openTestRoom(db, leaves(2))
  const [lin, mei] = roster.map((one) => sinkOf(one.device)) as [
    ReturnType<typeof sinkOf>,
    ReturnType<typeof sinkOf>,
  ]
  const bus = createMemoryBus()
  const publish = async (seq: number, gone: readonly Id[]) => {
    const frame = encodeEntries(room, 1, await readEntries(db, room, seq - 1, seq, limits), undefined)
    bus.publish(roomTopic(room), { kind: "entries", room, from: seq, to: seq, frame, gone })
  }
  let readings = Number.NEGATIVE_INFINITY
  const read = db.read.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (result.rows.some((row) => "until" in row) && ++readings === at) {
        await db.write("room.commit", commitOf(room, maker, 2, 0, [maker]))
        await publish(2, [mei.sink.device])
      }
      return result
    },
  })
  const house = await loadHouse(dir.path, { now: Date.now, random, opaqueSetup: () => "none" })
  const onError = (error: unknown) => errors.push(error)
  subscriptions.stop()
  subscriptions = createSubscriptions({ db: { ...db, read }, bus, house, limits, onError, lookEveryMs: 1e9 })
  await subscriptions.subscribe(lin.sink, [cursor(room, 0)])
  readings = 0
  await subscriptions.subscribe(mei.sink, [cursor(room, 0)])
  expect(readings).toBeGreaterThanOrEqual(at)
  const [placed] = await db.append([sendOf(room, maker.device, [3], 1)], Date.now())
  expect(placed?.ok).toBe(true)
  await publish(3, [])
  await expect.poll(lin.seqs).toEqual([1, 2, 3])
  expect(mei.seqs()).toEqual([1, 2])
  expect(mei.ends()).toEqual(["not_a_member"])
  expect(subscriptions.hears(mei.sink, room)).toBe(false)
})
