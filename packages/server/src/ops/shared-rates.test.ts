/** Limits of several nodes: going round them gives no more than one of them would, but for a burst. */
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { afterEach, expect, test } from "vitest"
import { createMemoryBus } from "../bus/memory.ts"
import { createRates } from "../http/rates.ts"
import { Rate } from "../room/rate.ts"
import { createSharedRates } from "./shared-rates.ts"

const id = (at: number): Id => idFrom(new Uint8Array(16).fill(at))
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

let now = 1_000_000
/** After the timer that tells, which was set before. */
const told = () => new Promise((done) => setTimeout(done, 3))
function nodes(count: number) {
  const bus = createMemoryBus()
  return Array.from({ length: count }, (_, i) => {
    const shared = createSharedRates(bus, id(i), 1)
    stops.push(shared.stop)
    return { share: shared.share, rates: createRates(limits, () => now, shared.share) }
  })
}

test("guesses at a password: a burst at each node at most, then as many as one node allows", async () => {
  const three = nodes(3)
  const guess = () => three.map(({ rates }) => !rates.signIn("192.0.2.1", "lin")).filter(Boolean).length
  let guesses = 0
  for (let minute = 0; minute < 20; minute++) {
    for (let i = 0; i < 12; i++) {
      now += 5_000
      guesses += guess()
      await told()
    }
  }
  const alone = 20 * limits.signInsPerMinuteAccount
  expect(guesses).toBeGreaterThanOrEqual(alone)
  expect(guesses).toBeLessThan(alone + 3 * limits.signInsPerMinuteAccount)
  // Somebody else is not asked to pay.
  expect(three[1]?.rates.signIn("198.51.100.7", "mei")).toBeUndefined()
})

test("nobody owes more than a burst", async () => {
  const many = nodes(6)
  for (const { rates } of many) for (let i = 0; i < limits.findsPerMinute; i++) rates.find("lin")
  await told()
  now += 60_000
  expect(many.map(({ rates }) => rates.find("lin")?.kind)).toEqual(many.map(() => "rate_limited"))
  now += 60_000
  expect(many.map(({ rates }) => rates.find("lin"))).toEqual(many.map(() => undefined))
})

test("what was refused is not told", async () => {
  const [here, there] = nodes(2)
  for (let i = 0; i < 500; i++) here?.rates.find("lin")
  await told()
  expect(there?.rates.find("lin")?.kind).toBe("rate_limited")
  now += 60_000
  expect(there?.rates.find("lin")).toBeUndefined()
})

test("messages: what a device sends by one node it has sent at the others too", async () => {
  const two = nodes(2).map(({ share }) => {
    const rate = new Rate(20 / 1000, 100)
    const used = share("sends", (key, count) => rate.owe(key, count, now))
    return (count: number) => {
      const wait = rate.take("phone", count, now)
      if (wait === 0) used("phone", count)
      return wait === 0
    }
  })
  const [here, there] = two as [(count: number) => boolean, (count: number) => boolean]
  expect(here(90)).toBe(true)
  await told()
  expect([there(20), there(10)]).toEqual([false, true])
  await told()
  expect([here(1), there(1)]).toEqual([false, false])
  now += 60_000
  expect(here(100)).toBe(true)
  expect(there(100)).toBe(true)
  await told()
  // Each owes a burst: five seconds until there is none, and five until there is one again.
  now += 4_900
  expect([here(1), there(1)]).toEqual([false, false])
  now += 200
  expect([here(1), there(1)]).toEqual([true, true])
})
