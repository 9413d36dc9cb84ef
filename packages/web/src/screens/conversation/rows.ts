/** A window of the timeline as lines on the screen: times at pauses, the unread line, groups of one sender. Pure. */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { PAUSE_MS } from "@teahouse/client/words/time.ts"

export type MessageItem = Extract<TimelineItem, { type: "message" }>
export type EventItem = Extract<TimelineItem, { type: "event" }>
export type Row =
  | { readonly type: "time"; readonly key: string; readonly at: number }
  | { readonly type: "unread"; readonly key: "unread" }
  | { readonly type: "event"; readonly key: string; readonly item: EventItem }
  | {
      readonly type: "message"
      readonly key: string
      readonly item: MessageItem
      /** Of its group: the first has the name and the face, the last the tail. */
      readonly first: boolean
      readonly last: boolean
    }

/** Messages of others from the first unread one on that stand above what is seen. */
export const newAbove = (items: readonly TimelineItem[], from: number, seen: number): number =>
  items.filter(
    (item) =>
      item.type === "message" &&
      !item.mine &&
      !item.blocked &&
      item.seq !== undefined &&
      item.seq >= from &&
      item.seq < seen,
  ).length

export function rowsOf(items: readonly TimelineItem[], unreadFrom: number | undefined): Row[] {
  const rows: Row[] = []
  let lineDone = unreadFrom === undefined
  let before: TimelineItem | undefined
  items.forEach((item, index) => {
    const line = !lineDone && item.seq !== undefined && unreadFrom !== undefined && item.seq >= unreadFrom
    if (line) {
      lineDone = true
      rows.push({ type: "unread", key: "unread" })
    }
    const pause = !before || item.at - before.at >= PAUSE_MS
    if (pause) rows.push({ type: "time", key: `time ${item.key}`, at: item.at })
    if (item.type === "event") rows.push({ type: "event", key: item.key, item })
    else
      rows.push({
        type: "message",
        key: item.key,
        item,
        first: line || pause || !sameGroup(before, item),
        last: !endsNot(items[index + 1], item, unreadFrom),
      })
    before = item
  })
  return rows
}

/** From the line of one item to that of another, with what stands above the first. */
export function rowsBetween(rows: readonly Row[], first: string, last: string): readonly Row[] {
  let from = rows.findIndex(({ key }) => key === first)
  while (from > 0 && isMark(rows[from - 1])) from--
  return rows.slice(from, rows.findLastIndex(({ key }) => key === last) + 1)
}

const isMark = (row: Row | undefined): boolean => row?.type === "time" || row?.type === "unread"

const sameGroup = (before: TimelineItem | undefined, item: MessageItem): boolean =>
  before?.type === "message" && before.from.user === item.from.user

function endsNot(next: TimelineItem | undefined, item: MessageItem, unreadFrom: number | undefined): boolean {
  if (next?.type !== "message" || next.from.user !== item.from.user || next.at - item.at >= PAUSE_MS)
    return false
  const lineBetween =
    unreadFrom !== undefined &&
    next.seq !== undefined &&
    next.seq >= unreadFrom &&
    (item.seq ?? 0) < unreadFrom
  return !lineBetween
}
