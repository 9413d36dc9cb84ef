/**
 * How much of a window of the timeline is drawn. A whole window is a task that holds the page up (UX 15), so drawing begins
 * with what one looks at and grows from there, some lines in each task. What is drawn stays while the window moves over it.
 * Rejected: smaller windows – each is a way to the worker and back, and one scrolls into their edges.
 */
import type { Timeline, TimelineItem } from "@teahouse/client/view/port/messages.ts"

export type Around = "end" | "unread" | number

/** Lines in the first task where none is there yet: more than a screen of usual messages. */
export const FIRST = 30
/** Lines on each side in each task after it. */
export const STEP = 8

/** Lines `from` up to and without `to` of the timeline. */
export type Drawn = {
  readonly timeline: Timeline | undefined
  readonly around: Around
  readonly from: number
  readonly to: number
}

export const nothingDrawn: Drawn = { timeline: undefined, around: "unread", from: 0, to: 0 }

const count = ({ timeline }: Drawn): number => timeline?.items.length ?? 0
export const reachesStart = (drawn: Drawn): boolean => drawn.timeline?.atStart === true && drawn.from === 0
export const reachesEnd = (drawn: Drawn): boolean =>
  drawn.timeline?.atEnd === true && drawn.to === count(drawn)
export const isWhole = (drawn: Drawn): boolean => drawn.from === 0 && drawn.to === count(drawn)

export const grown = (drawn: Drawn): Drawn => ({
  ...drawn,
  from: Math.max(0, drawn.from - STEP),
  to: Math.min(count(drawn), drawn.to + STEP),
})

/** The line that a window was asked for. */
function middleOf({ items, unreadFrom }: Timeline, around: Around): number {
  const seq = around === "unread" ? unreadFrom : around === "end" ? undefined : around
  const found = seq === undefined ? -1 : items.findIndex((item) => item.seq !== undefined && item.seq >= seq)
  return found < 0 ? items.length - 1 : found
}

/** The first task of a snapshot: what was drawn and is still there, and some more; or what it was asked for. */
export function drawNext(before: Drawn, timeline: Timeline, around: Around): Drawn {
  const { items } = timeline
  const drawn = before.timeline?.items.slice(before.from, before.to) ?? []
  const keys = new Set(drawn.map(({ key }) => key))
  const there = ({ key }: TimelineItem) => keys.has(key)
  const first = items.findIndex(there)
  const last = items.findLastIndex(there)
  const middle = middleOf(timeline, around)
  // Reading on asks for a line that is drawn, a jump for one that is not.
  const reading = around === before.around || drawn.some(({ seq }) => seq !== undefined && seq === around)
  if (first >= 0 && (reading || (first <= middle && middle <= last))) {
    const next = grown({ timeline, around, from: first, to: last + 1 })
    // What is said while one is at the end is seen at once.
    return reachesEnd(before) ? { ...next, to: items.length } : next
  }
  const from = Math.max(0, Math.min(middle - (FIRST >> 1), items.length - FIRST))
  return { timeline, around, from, to: Math.min(items.length, from + FIRST) }
}
