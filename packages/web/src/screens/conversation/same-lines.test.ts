import type { Timeline, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { expect, test } from "vitest"
import { sameLines } from "./same-lines.ts"

const line = (seq: number, text = `line ${seq}`) =>
  ({ type: "message", key: `k${seq}`, seq, at: seq, text }) as TimelineItem
const snapshot = (items: readonly TimelineItem[], unread = 0) => ({ items, unread }) as Timeline
const copy = <T>(value: T): T => structuredClone(value)

test("a line that did not change stays the same object, in the next snapshot and in the next window", () => {
  const keep = sameLines()
  const first = keep(snapshot([line(1), line(2), line(3)]))
  const read = keep(copy(snapshot([line(1), line(2), line(3)], 2)))
  expect(read.items.map((item, i) => item === first.items[i])).toEqual([true, true, true])
  expect(read.unread).toBe(2)
  const moved = keep(copy(snapshot([line(2), line(3, "edited"), line(4)])))
  expect(moved.items.map((item) => first.items.includes(item))).toEqual([true, false, false])
  expect(moved.items).toEqual([line(2), line(3, "edited"), line(4)])
})

test("the same snapshot is the same answer, so that drawing twice changes nothing", () => {
  const keep = sameLines()
  const value = snapshot([line(1)])
  const first = keep(value)
  keep(snapshot([line(2)]))
  expect(keep(value)).toBe(first)
})
