/** The number that names an entry for ever, with its device: under which it was sent first, before a restored house had lost it. */
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"

export function numberOf(entry: HistoryEntry): number {
  const content = contentOf(entry)
  return (content && content.kind !== "unknown" ? content.was : undefined) ?? entry.n
}
