import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { afterEach, expect, test } from "vitest"
import { createMemoryBus } from "../bus/memory.ts"
import { type Bus, HOUSE_TOPIC } from "../bus/port.ts"
import { createNodes } from "./nodes.ts"

const id = (at: number): Id => idFrom(new Uint8Array(16).fill(at))
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function world() {
  const bus = createMemoryBus()
  let now = 0
  let connected = true
  let bridged = () => {}
  const seen: Bus = {
    ...bus,
    get connected() {
      return connected
    },
    onGap(listener) {
      bridged = listener
      return () => {}
    },
  }
  const open = (at: number) => {
    let gaps = 0
    const nodes = createNodes({ bus: seen, node: id(at), now: () => now, onGap: () => gaps++, everyMs: 1e9 })
    stops.push(nodes.stop)
    return { ...nodes, heard: () => nodes.count, gaps: () => gaps }
  }
  return {
    open,
    pass: (ms: number) => (now += ms),
    cut: (yes: boolean) => (connected = !yes),
    gap: () => bridged(),
    settle: () => new Promise((next) => setImmediate(next)),
    say: (at: number) => bus.publish(HOUSE_TOPIC, { kind: "alive", node: id(at), leaving: false }),
  }
}

test("a node that falls silent leaves a gap, once; one that says goodbye leaves none", async () => {
  const { open, pass, settle, say } = world()
  const one = open(1)
  const two = open(2)
  for (const node of [one, two]) node.beat()
  say(3)
  await settle()
  expect([one.heard(), two.heard()]).toEqual([2, 2])
  two.stop()
  await settle()
  expect(one.heard()).toBe(1)
  pass(9_000)
  one.beat()
  expect(one.gaps()).toBe(0)
  pass(1_000)
  one.beat()
  one.beat()
  expect([one.gaps(), one.heard()]).toEqual([1, 0])
  say(3)
  await settle()
  expect(one.heard()).toBe(1)
})

test("a gap of the bus is one, and while nobody can be heard all is read again from time to time", async () => {
  const { open, pass, settle, say, cut, gap } = world()
  const one = open(1)
  say(2)
  await settle()
  gap()
  expect(one.gaps()).toBe(1)
  cut(true)
  for (let at = 0; at < 60_000; at += 3_000) {
    pass(3_000)
    one.beat()
  }
  // Every 20 s, and not for those whose signs do not come.
  expect([one.gaps(), one.heard()]).toEqual([3, 0])
})
