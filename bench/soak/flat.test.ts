import { expect, test } from "vitest"
import { trendOf } from "./flat.ts"

/** Half an hour, a sample each half minute. */
const seen = (of: (i: number) => number) =>
  Array.from({ length: 60 }, (_, i) => ({ hours: i / 120, value: of(i) }))

test("a leak is a slope, and is not flat", () => {
  const { perHour, flat } = trendOf(seen((i) => 150 + i / 2 + (i % 3)))
  expect(perHour).toBeCloseTo(60, 0)
  expect(flat).toBe(false)
})

test("warming up, a saw-tooth and a little are flat; shrinking is", () => {
  expect(trendOf(seen((i) => (i < 20 ? 100 + 5 * i : 200))).flat).toBe(true)
  expect(trendOf(seen((i) => 150 + 10 * (i % 7))).flat).toBe(true)
  expect(trendOf(seen((i) => 150 + i / 20)).flat).toBe(true)
  expect(trendOf(seen((i) => 200 - i)).flat).toBe(true)
})

test("too few samples show nothing", () => {
  expect(trendOf(seen(() => 1).slice(0, 3)).flat).toBe(false)
})
