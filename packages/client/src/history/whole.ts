/**
 * Which positions of a block a device brings to the house without a gap. The house lets a message go only where every member's account
 * has it (a retention), and cannot look into what is sealed: it takes this word for it. So nothing counts but what other devices get:
 * what was unreadable here may still be read by another device, as long as the house has it.
 */
import { IMPORTED_INCARNATION } from "../imported/place.ts"
import type { HistoryEntry } from "./entry.ts"

export type Whole = { readonly from: number; readonly to: number }

/** Both in order; `shared`: those that are brought. undefined: nothing can be said. */
export function wholeOf(
  incarnation: number,
  kept: readonly HistoryEntry[],
  shared: readonly HistoryEntry[],
): Whole | undefined {
  const [first] = kept
  // What was brought from elsewhere has positions of its own, and none of the log's.
  if (!first || incarnation === IMPORTED_INCARNATION) return undefined
  const brought = new Set(shared.map(({ seq }) => seq))
  // Where this account came in there is nothing of its own before.
  const cameIn = first.item.type === "here" && first.item.first
  if (!cameIn && !brought.has(first.seq)) return undefined
  let to = first.seq
  while (brought.has(to + 1)) to++
  return { from: first.seq, to }
}
