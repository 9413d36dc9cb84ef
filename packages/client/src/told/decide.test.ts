import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import type { Level, NewsItem } from "../view/port/told.ts"
import { decide, MOST, type Situation } from "./decide.ts"

const [a, b] = ["room-a", "room-b"] as unknown as [Id, Id]
const item = (room: Id, seq: number, mentionsMe = false): NewsItem => ({
  room,
  kind: "group",
  title: "Tea",
  seq,
  at: seq,
  from: "Mei",
  text: `line ${seq}`,
  mentionsMe,
})
const nobody: Situation = {
  decided: new Map(),
  level: () => "all",
  looking: false,
  open: new Set(),
  quiet: false,
}
const levelled = (level: Level) => ({ ...nobody, level: () => level })

describe("what is told", () => {
  it("is one notice for each chat, with its newest message and how many came", () => {
    const told = decide([item(a, 1), item(b, 4), item(a, 2)], nobody)
    expect(told.notices.map(({ item, count }) => [item.room, item.seq, count])).toEqual([
      [a, 2, 2],
      [b, 4, 1],
    ])
    expect(told.rings).toBe(true)
  })
  it("is told once: the same value again is nothing new", () => {
    const { decided } = decide([item(a, 1)], nobody)
    expect(decide([item(a, 1)], { ...nobody, decided })).toMatchObject({ notices: [], rings: false })
    expect(decide([item(a, 1), item(a, 2)], { ...nobody, decided }).notices).toHaveLength(1)
  })
  it("is the sound alone for who looks at the page, and nothing for the chat before their eyes", () => {
    const looking = { ...nobody, looking: true, open: new Set([a]) }
    expect(decide([item(a, 1)], looking)).toMatchObject({ notices: [], rings: false })
    expect(decide([item(b, 1)], looking)).toMatchObject({ notices: [], rings: true })
  })
  it("follows the chat's level: everything, only what names me, nothing", () => {
    expect(decide([item(a, 1)], levelled("mentions")).rings).toBe(false)
    expect(decide([item(a, 1), item(a, 2, true)], levelled("mentions")).notices[0]?.item.seq).toBe(2)
    expect(decide([item(a, 1, true)], levelled("none")).rings).toBe(false)
  })
  it("is nothing in quiet hours, and stays nothing when they end", () => {
    const { decided, rings } = decide([item(a, 1)], { ...nobody, quiet: true })
    expect(rings).toBe(false)
    expect(decide([item(a, 1)], { ...nobody, decided }).rings).toBe(false)
  })
  it("is one line where many chats have news at once", () => {
    const rooms = Array.from({ length: MOST + 1 }, (_, n) => item(`room-${n}` as unknown as Id, 1))
    expect(decide(rooms, nobody)).toMatchObject({
      notices: [],
      many: { messages: MOST + 1, chats: MOST + 1 },
      rings: true,
    })
  })
})
