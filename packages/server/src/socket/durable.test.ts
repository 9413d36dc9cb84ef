/** Durable before acknowledged (docs/contract.md 1), and hints that may be lost (7). */
import { afterEach, expect, test } from "vitest"
import { createMemoryBus } from "../bus/memory.ts"
import { openTestRoom } from "../room/log.fixture.ts"
import { enterRoom, member, message, type Options, openSocketHouse } from "./socket.fixture.ts"

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function open(options: Options = {}) {
  const house = await openSocketHouse(options)
  undo.push(() => house.close())
  const people = [await member(house.db, 0), await member(house.db, 1)] as const
  const { room } = await openTestRoom(house.db, people)
  const lin = await enterRoom(house, people[0], room, 1)
  const mei = await enterRoom(house, people[1], room, 1)
  return { house, room, lin, mei }
}

test("while the COMMIT is held open there is neither an acknowledgement nor a delivery; then there are both", async () => {
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const { room, lin, mei } = await open({ gate: gate.buffer })
  undo.push(() => {
    Atomics.store(gate, 0, 0)
    Atomics.notify(gate, 0)
  })
  Atomics.store(gate, 0, 1)
  const before = Atomics.load(gate, 1)
  lin.say(message(room, [2]))
  await expect.poll(() => Atomics.load(gate, 1)).toBe(before + 1)
  // Both sockets answer, so whatever was said before has arrived.
  for (const line of [lin, mei]) {
    line.say({ t: "ping" })
    await line.next("pong")
    expect(line.frames).toEqual([])
  }
  Atomics.store(gate, 0, 0)
  Atomics.notify(gate, 0)
  expect((await lin.next("accepted")).items[0]?.seq).toBe(2)
  expect((await mei.next("entries")).entries.map((e) => e.seq)).toEqual([2])
})

test("what waits while a COMMIT runs goes into the next one, all of it", async () => {
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const { room, lin } = await open({ gate: gate.buffer })
  Atomics.store(gate, 0, 1)
  const before = Atomics.load(gate, 1)
  lin.say(message(room, [2]))
  await expect.poll(() => Atomics.load(gate, 1)).toBe(before + 1)
  for (let n = 3; n < 40; n++) lin.say(message(room, [n]))
  lin.say({ t: "ping" })
  await lin.next("pong")
  Atomics.store(gate, 0, 0)
  Atomics.notify(gate, 0)
  for (let n = 2; n < 40; n++) expect((await lin.next("accepted")).items[0]?.n).toBe(n)
  expect(Atomics.load(gate, 1)).toBe(before + 2)
})

test("a bus that loses everything costs time and no message", async () => {
  const bus = createMemoryBus()
  const { room, lin, mei } = await open({ bus: { ...bus, publish() {} }, lookEveryMs: 50 })
  for (const n of [2, 3, 4]) lin.say(message(room, [n]))
  const heard: number[] = []
  while (heard.length < 3) heard.push(...(await mei.next("entries")).entries.map((e) => e.seq))
  expect(heard).toEqual([2, 3, 4])
})

test("a bus that repeats and reorders delivers everything once and in order", async () => {
  const bus = createMemoryBus()
  const held: (() => void)[] = []
  const restless = {
    ...bus,
    publish(topic: string, message: Parameters<typeof bus.publish>[1]) {
      held.push(() => bus.publish(topic, message))
      if (held.length < 3) return
      for (const say of held.splice(0).reverse()) {
        say()
        say()
      }
    },
  }
  const { room, lin, mei } = await open({ bus: restless, lookEveryMs: 50 })
  for (let n = 2; n < 20; n++) {
    lin.say(message(room, [n]))
    await lin.next("accepted")
  }
  const heard: number[] = []
  while (heard.length < 18) heard.push(...(await mei.next("entries")).entries.map((e) => e.n))
  expect(heard).toEqual(Array.from({ length: 18 }, (_, i) => i + 2))
})
