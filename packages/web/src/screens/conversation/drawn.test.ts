import type { Timeline, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { describe, expect, test } from "vitest"
import { drawNext, FIRST, grown, isWhole, nothingDrawn, reachesEnd, reachesStart, STEP } from "./drawn.ts"

const END = 1_000
/** Lines `first` up to and with `last` of a chat of a thousand. */
const window = (first: number, last: number, more: Partial<Timeline> = {}): Timeline => ({
  room: "room" as Timeline["room"],
  items: Array.from(
    { length: last - first + 1 },
    (_, at) => ({ type: "message", key: `k${first + at}`, seq: first + at }) as TimelineItem,
  ),
  first,
  last,
  atStart: first === 1,
  atEnd: last === END,
  unread: 0,
  ...more,
})
const seqs = ({ timeline, from, to }: ReturnType<typeof grown>) =>
  [timeline?.items[from]?.seq, timeline?.items[to - 1]?.seq] as const
const whole = (timeline: Timeline, around: "end" | "unread" | number) => {
  let drawn = drawNext(nothingDrawn, timeline, around)
  while (!isWhole(drawn)) drawn = grown(drawn)
  return drawn
}

describe("what of a window is drawn", () => {
  test("opened, a chat shows its end, a screen's worth at once and the rest in steps", () => {
    const first = drawNext(nothingDrawn, window(881, END), "unread")
    expect(seqs(first)).toEqual([END - FIRST + 1, END])
    expect(reachesEnd(first)).toBe(true)
    expect(seqs(grown(first))).toEqual([END - FIRST - STEP + 1, END])
    expect(seqs(whole(window(881, END), "unread"))).toEqual([881, END])
  })

  test("opened at the first unread, it shows lines above and below it", () => {
    const first = drawNext(nothingDrawn, window(480, 599, { unreadFrom: 500 }), "unread")
    expect(seqs(first)).toEqual([485, 485 + FIRST - 1])
    expect(reachesEnd(first)).toBe(false)
    expect(seqs(grown(first))).toEqual([480, 485 + FIRST - 1 + STEP])
  })

  test("a window that moves up keeps what is still in it, and adds a step", () => {
    const before = whole(window(500, 619), 560)
    const after = drawNext(before, window(450, 569), 510)
    expect(seqs(after)).toEqual([500 - STEP, 569])
    expect(isWhole(after)).toBe(false)
  })

  test("a snapshot of the same window in the middle of it takes nothing away", () => {
    const before = drawNext(whole(window(500, 619), 560), window(450, 569), 510)
    const after = drawNext(before, window(450, 569, { unread: 3 }), 510)
    expect(seqs(after)).toEqual([500 - 2 * STEP, 569])
  })

  test("a jump shows what was jumped to, whether or not the windows touch", () => {
    const before = whole(window(500, 619), 560)
    expect(seqs(drawNext(before, window(40, 159), 100))).toEqual([85, 85 + FIRST - 1])
    expect(seqs(drawNext(before, window(390, 509), 450))).toEqual([435, 435 + FIRST - 1])
    expect(seqs(drawNext(before, window(881, END), "end"))).toEqual([END - FIRST + 1, END])
  })

  test("reading on never takes away what is drawn, wherever the new window lies", () => {
    const before = whole(window(500, 619), 560)
    const moved = window(450, 569)
    const [top, ...rest] = moved.items
    // A line far above has a later number than the one that was read.
    const disordered = { ...moved, items: [{ ...top, seq: 700 } as TimelineItem, ...rest] }
    expect(seqs(drawNext(before, disordered, 510))).toEqual([500 - STEP, 569])
  })

  test("what is said while one is at the end is drawn at once, however much it is", () => {
    const before = whole(window(881, END), "end")
    const later = window(911, END + 30, { atEnd: true })
    expect(seqs(drawNext(before, later, "end"))).toEqual([911, END + 30])
  })

  test("nothing stands at the start or end before the line there is drawn", () => {
    const top = drawNext(whole(window(50, 169), 110), window(1, 120), 60)
    expect(reachesStart(top)).toBe(false)
    expect(reachesStart(whole(window(1, 120), 60))).toBe(true)
    const empty = drawNext(nothingDrawn, window(1, 0, { atEnd: true }), "unread")
    expect([isWhole(empty), reachesStart(empty), reachesEnd(empty)]).toEqual([true, true, true])
  })
})
