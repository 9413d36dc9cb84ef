import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import { newAbove, rowsBetween, rowsOf } from "./rows.ts"

const MIN = 60_000
const message = (seq: number, who: string, at: number): TimelineItem => ({
  type: "message",
  key: `k${seq}`,
  seq,
  at,
  from: { user: who as Id, username: who, name: who },
  mine: who === "me",
  text: "x",
  body: { kind: "text" },
  mentions: [],
  reactions: [],
  may: { edit: false, recall: false, pin: false },
})
const shape = (items: TimelineItem[], unread?: number) =>
  rowsOf(items, unread).map((row) =>
    row.type === "message" ? `${row.key}${row.first ? " first" : ""}${row.last ? " last" : ""}` : row.type,
  )

describe("new messages above what is seen", () => {
  it("are those of others, from the first unread one on", () => {
    const items = [1, 2, 3, 4, 5, 6].map((seq) => message(seq, seq === 3 ? "me" : "a", seq))
    expect(newAbove(items, 2, 5)).toBe(2)
    expect(newAbove(items, 2, 2)).toBe(0)
    const folded = items.map((item) => (item.seq === 4 ? { ...item, blocked: true as const } : item))
    expect(newAbove(folded as TimelineItem[], 2, 5)).toBe(1)
  })
})

describe("lines of a conversation", () => {
  it("groups one sender within five minutes", () => {
    expect(shape([message(1, "a", 0), message(2, "a", 4 * MIN), message(3, "b", 5 * MIN)])).toEqual([
      "time",
      "k1 first",
      "k2 last",
      "k3 first last",
    ])
  })
  it("a pause of five minutes gets a time and ends the group", () => {
    expect(shape([message(1, "a", 0), message(2, "a", 5 * MIN)])).toEqual([
      "time",
      "k1 first last",
      "time",
      "k2 first last",
    ])
  })
  it("the unread line stands once, before the first unread, and ends a group", () => {
    expect(shape([message(1, "a", 0), message(2, "a", MIN), message(3, "a", 2 * MIN)], 2)).toEqual([
      "time",
      "k1 first last",
      "unread",
      "k2 first",
      "k3 last",
    ])
  })
  it("no unread line where nothing is that new", () => {
    expect(shape([message(1, "a", 0)], 9)).not.toContain("unread")
  })
  it("a message that waits has no position and never gets the line", () => {
    const { seq: _, ...waiting } = message(2, "me", MIN) as Extract<TimelineItem, { type: "message" }>
    expect(shape([message(1, "a", 0), waiting], 2)).not.toContain("unread")
  })
  it("an event ends a group", () => {
    const event: TimelineItem = { type: "event", key: "e", seq: 2, at: MIN, event: { kind: "resumed" } }
    expect(shape([message(1, "a", 0), event, message(3, "a", 2 * MIN)])).toEqual([
      "time",
      "k1 first last",
      "event",
      "k3 first last",
    ])
  })
  it("cut between two lines keeps the time and the unread line above the first", () => {
    const rows = rowsOf(
      [1, 2, 3, 4].map((seq) => message(seq, "a", seq * 6 * MIN)),
      3,
    )
    expect(rowsBetween(rows, "k3", "k3").map(({ key }) => key)).toEqual(["unread", "time k3", "k3"])
    expect(rowsBetween(rows, "k1", "k2").map(({ key }) => key)).toEqual(["time k1", "k1", "time k2", "k2"])
    expect(rowsBetween([], "", "")).toEqual([])
  })
})
