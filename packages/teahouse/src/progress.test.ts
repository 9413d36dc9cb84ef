import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { progress } from "./progress.ts"

const lines: string[] = []
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 28) })
  vi.spyOn(console, "error").mockImplementation((line) => void lines.push(line))
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it("says how far it is once a second, in both languages, and the end of each part in any case", () => {
  for (let done = 100; done <= 2_500; done += 100) {
    progress("copy", "entry", done, 2_500)
    vi.advanceTimersByTime(99)
  }
  progress("copy", "room", 3, 3)
  progress("compare", "entry", 100, 2_500)
  progress("compare", "entry", 2_500, 2_500)
  expect(lines).toEqual([
    ...["复制 copying entry 100/2500", "复制 copying entry 1200/2500", "复制 copying entry 2300/2500"],
    ...["复制 copying entry 2500/2500", "复制 copying room 3/3", "核对 comparing entry 2500/2500"],
  ])
})
