import { expect, it } from "vitest"
import { IMPORTED_INCARNATION } from "../imported/place.ts"
import type { HistoryEntry, HistoryItem } from "./entry.ts"
import { shared } from "./merge.ts"
import { wholeOf } from "./whole.ts"

const bytes = new Uint8Array(1)
const items: Record<string, HistoryItem> = {
  c: { type: "content", bytes },
  n: { type: "nothing" },
  m: { type: "members", joined: [], left: [], newDevice: [] },
  r: { type: "gone", why: "recalled" },
  e: { type: "gone", why: "emptied" },
  u: { type: "unreadable" },
  h: { type: "here", first: true },
  b: { type: "here", first: false },
}
/** A letter for each position from 256 on; a dot: nothing is known of it. */
const stretches = (letters: string, incarnation = 1) => {
  const entries = [...letters].flatMap((letter, i): HistoryEntry[] =>
    letter === "."
      ? []
      : [
          {
            ...{ seq: 256 + i, generation: 0, kind: 0, device: "d" as HistoryEntry["device"], n: i, time: 1 },
            ...{ hash: bytes, item: items[letter] as HistoryItem },
          },
        ],
  )
  const found = wholeOf(incarnation, entries, shared({ entries, marks: new Map() }).entries)
  return found.map(({ from, to }) => [from - 256, to - 256])
}
/** The first one. */
const whole = (letters: string, incarnation = 1) => stretches(letters, incarnation)[0]

it.each<[string, number[] | undefined]>([
  ["ccnmrc", [0, 5]],
  // Unread here, which another device may still do; nothing after it counts.
  ["ccuc", [0, 1]],
  ["ccec", [0, 1]],
  ["cc.c", [0, 1]],
  ["ccbc", [0, 1]],
  // The account came in at the fourth position.
  ["...hcc", [3, 5]],
  ["...hu", [3, 3]],
  // It was there before, and this device lost its place or could not read.
  ["bcc", undefined],
  ["ucc", undefined],
  ["ecc", undefined],
  // A gap before the first: the house sees by itself whether somebody was there already.
  ["..cc", [2, 3]],
  ["", undefined],
])("of %j it says %j", (letters, expected) => {
  expect(whole(letters)).toEqual(expected)
})

it("of what was brought from elsewhere it says nothing", () => {
  expect(whole("ccc", IMPORTED_INCARNATION)).toBeUndefined()
})

it.each<[string, number[][]]>([
  // It left after the third position and came back at the sixth, where this device came in anew.
  [
    "ccc..hcc",
    [
      [0, 2],
      [6, 7],
    ],
  ],
  [
    "hcc.c..hc",
    [
      [0, 2],
      [4, 4],
      [8, 8],
    ],
  ],
  // What was unreadable here ends a stretch, and begins none.
  [
    "ccuccu",
    [
      [0, 1],
      [3, 4],
    ],
  ],
  ["ucccc", []],
  ["c.".repeat(40), Array.from({ length: 17 }, (_, i) => [2 * i, 2 * i])],
])("of %j each stretch is said: %j", (letters, expected) => {
  expect(stretches(letters)).toEqual(expected)
})
