import { afterEach, expect, test, vi } from "vitest"
import { collectAll, collectWhenQuiet } from "./quiet.ts"

afterEach(() => void vi.useRealTimers())

test("once, after the first second that was quiet", () => {
  vi.useFakeTimers()
  const busy = [0.9, 0.4, 0.02, 0, 0]
  let collected = 0
  collectWhenQuiet({ busy: () => busy.shift() ?? 0, collect: () => void collected++ })
  vi.advanceTimersByTime(2_000)
  expect(collected).toBe(0)
  vi.advanceTimersByTime(1_000)
  expect(collected).toBe(1)
  vi.advanceTimersByTime(10_000)
  expect([collected, busy.length]).toEqual([1, 2])
})

test("not after it was called off", () => {
  vi.useFakeTimers()
  let collected = 0
  collectWhenQuiet({ busy: () => 0, collect: () => void collected++ })()
  vi.advanceTimersByTime(10_000)
  expect(collected).toBe(0)
})

test("what nobody holds is gone, and `gc` is nowhere afterwards", async () => {
  const held = new WeakRef({ tea: new Uint8Array(10) })
  // An object that a WeakRef was made for lives to the end of its turn.
  await new Promise((next) => setTimeout(next))
  collectAll()
  expect(held.deref()).toBeUndefined()
  expect("gc" in globalThis).toBe(false)
})
