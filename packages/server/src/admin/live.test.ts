import { expect, it } from "vitest"
import { createMetrics } from "../ops/metrics.ts"
import { createRecent } from "./live.ts"

it("the time that 99 in 100 messages took is of the last minute, and unknown where none came", () => {
  let now = 0
  const metrics = createMetrics()
  metrics.appended(1000, 9_000)
  const recent = createRecent(metrics.latency, () => now)
  expect(recent()).toBeNull()
  metrics.appended(99, 4)
  metrics.appended(1, 900)
  now += 2_000
  expect(recent()).toBe(5)
  metrics.appended(10, 90)
  now += 2_000
  expect(recent()).toBe(100)
  now += 60_000
  expect(recent()).toBeNull()
  metrics.appended(1, 0.5)
  now += 2_000
  expect(recent()).toBe(1)
})
