/**
 * Which positions of a block a device brings to the house without a gap. The house lets a message go only where every member's account
 * has it (a retention), and cannot look into what is sealed: it takes this word for it. So nothing counts but what other devices get:
 * what was unreadable here may still be read by another device, as long as the house has it.
 */
import { STRETCHES } from "@teahouse/protocol/http/history.ts"
import { IMPORTED_INCARNATION } from "../imported/place.ts"
import type { HistoryEntry } from "./entry.ts"

export type Whole = { readonly from: number; readonly to: number }

/**
 * Both in order; `shared`: those that are brought. None: nothing can be said. More than one: there is a gap, and only the house knows whether the
 * account was away in it, which makes it none.
 */
export function wholeOf(
  incarnation: number,
  kept: readonly HistoryEntry[],
  shared: readonly HistoryEntry[],
): Whole[] {
  const [first] = kept
  // What was brought from elsewhere has positions of its own, and none of the log's.
  if (!first || incarnation === IMPORTED_INCARNATION) return []
  // Where this account came in there is nothing of its own before.
  const cameIn = first.item.type === "here" && first.item.first
  if (!cameIn && shared[0]?.seq !== first.seq) return []
  const stretches = [{ from: first.seq, to: first.seq }]
  for (const { seq } of shared) {
    const last = stretches.at(-1) as { from: number; to: number }
    if (seq === last.to + 1) last.to = seq
    else if (seq > last.to) stretches.push({ from: seq, to: seq })
  }
  return stretches.slice(0, 1 + STRETCHES)
}
