/** A long chat, scrolled from its end to its beginning and back: every line is seen, in order, and the lines in memory are bounded. */
import type { MessageItem, Timeline } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { createSurface, linesOf } from "../screen/surface.ts"
import { createConversation } from "./conversation.ts"
import { pollIn } from "./more-acts.ts"
import type { Shell } from "./shell.ts"
import { wordsOf } from "./words.ts"

const LINES = 3_000
const room = "room" as Id

const message = (seq: number): MessageItem => ({
  ...{ type: "message", key: `k:${seq}`, seq, at: 1_000_000 + seq, mine: false, text: `line ${seq}.` },
  from: { user: "bo" as Id, username: "bo", name: "bo" },
  ...{ body: { kind: "text" }, mentions: [], reactions: [], may: { edit: false, recall: false, pin: false } },
})

/** As the core's: the last ones, or half of them above a position. */
function windowOf(around: "end" | "unread" | number, limit: number): Timeline {
  const first =
    typeof around === "number" ? Math.max(1, around - (limit >> 1)) : Math.max(1, LINES - limit + 1)
  const last = Math.min(LINES, first + limit - 1)
  const items = Array.from({ length: last - first + 1 }, (_, n) => message(first + n))
  return { room, items, first, last, atStart: first === 1, atEnd: last === LINES, unread: 0 }
}

test("three thousand lines up and down", () => {
  let most = 0
  const shell = {
    ...{ words: wordsOf("en"), tongue: "en", now: () => 2_000_000, looking: () => true, run: () => {} },
    style: { language: "en", locale: "en", timeZone: "UTC" },
    live: {
      view(_: string, { around, limit }: { around: "end" | "unread" | number; limit: number }) {
        most = Math.max(most, limit)
        return windowOf(around, limit)
      },
    },
  } as unknown as Shell
  const conversation = createConversation(shell, { of: () => () => undefined }, room)
  const box = { x: 0, y: 0, width: 60, height: 20 }
  const seen = () => {
    const surface = createSurface(60, 20)
    conversation.draw(surface, box)
    return [
      ...linesOf(surface)
        .join("\n")
        .matchAll(/line (\d+)\./g),
    ].map(([, n]) => Number(n))
  }
  const walk = (up: boolean) => {
    const met = new Set(seen())
    for (let page = 0; page < 2 * LINES && !met.has(up ? 1 : LINES); page++) {
      conversation.page(up)
      for (const n of seen()) met.add(n)
    }
    return met
  }
  expect(Math.max(...seen())).toBe(LINES)
  const upwards = walk(true)
  expect(upwards.size).toBe(LINES)
  conversation.page(true)
  const back = seen()
  expect(back).toEqual(back.toSorted((a, b) => a - b))
  const down = new Set(back)
  for (let page = 0; page < 2 * LINES && !down.has(LINES); page++) {
    conversation.page(false)
    for (const n of seen()) down.add(n)
  }
  expect(down.size).toBe(LINES)
  expect(most).toBeLessThanOrEqual(1_200)
})

test("a poll as it is written", () => {
  expect(pollIn("三点喝茶？ | 好 ｜ 四点")).toEqual({
    question: "三点喝茶？",
    options: ["好", "四点"],
    multiple: false,
  })
  expect(pollIn("Which + | a | b | c")).toEqual({
    question: "Which",
    options: ["a", "b", "c"],
    multiple: true,
  })
  for (const not of ["", "a", "a | b", "| a | b", "a | b | "]) expect(pollIn(not)).toBeUndefined()
})
