/** Positions that should be here and are not: the store was damaged, or this device had lost the group's keys. */
import type { HistoryEntry } from "./entry.ts"
import { SEGMENT } from "./history.ts"

export const isMissing = (entry: HistoryEntry | undefined): boolean =>
  entry === undefined || entry.item.type === "unreadable"

/** From the first position that a block lacks to the last, between these two. */
export function holeIn(
  entries: readonly HistoryEntry[],
  number: number,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly from: number; readonly to: number } | undefined {
  const known = new Set(entries.map(({ seq }) => seq))
  const first = Math.max(from, number * SEGMENT)
  const last = Math.min(to, number * SEGMENT + SEGMENT - 1)
  let hole: { from: number; to: number } | undefined
  for (let seq = first; seq <= last; seq++) if (!known.has(seq)) hole = { from: hole?.from ?? seq, to: seq }
  return hole
}
