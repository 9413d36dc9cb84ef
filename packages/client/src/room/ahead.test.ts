/** What becomes of an act whose message may be gone. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { encodeContent } from "../content/message.ts"
import type { Gone, HistoryEntry } from "../history/entry.ts"
import { type Act, fateOf } from "./ahead.ts"

const seen = { seq: 1, hash: new Uint8Array(32) }
const of = { seq: 3, n: 1 }
const entry = (item: HistoryEntry["item"]): HistoryEntry => ({
  ...{ seq: 3, generation: 0, kind: 0, device: "d".repeat(22) as Id, user: "u".repeat(22) as Id, n: 1 },
  ...{ time: 1, hash: seen.hash, item },
})
const gone = (why: Gone) => entry({ type: "gone", why })
const acts: readonly Act[] = [
  { kind: "edit", of, text: "x" },
  { kind: "recall", of },
  { kind: "vote", of, choices: [0] },
  { kind: "pollEnd", of },
  { kind: "reaction", of, emoji: "🍵", on: true },
  { kind: "pin", of, on: true },
]
const fates = (at: HistoryEntry | undefined) => acts.map((act) => fateOf(act, at))
const all = (fate: string) => acts.map(() => fate)

test("an act stays while its message is there, and never without a place where it is said", () => {
  expect(
    fates(entry({ type: "content", bytes: encodeContent({ kind: "text", text: "tea" }, seen) })),
  ).toEqual(all("stays"))
  expect(fates(gone("recalled"))).toEqual(["said", "dropped", "said", "said", "dropped", "dropped"])
  for (const why of ["expired", "deleted", "emptied"] as const)
    expect(fates(gone(why))).toEqual(all("dropped"))
  expect(fates(undefined)).toEqual(all("dropped"))
  expect(fates(entry({ type: "nothing" }))).toEqual(all("dropped"))
})
