/**
 * Searching one block of what was imported (search.ts). Who said it is nobody of this house, so a search for somebody's messages finds
 * none. What is matched here stands in the block's words in the same way (history/words.ts): they decide whether the block is read at all.
 */
import { SEGMENT } from "../history/history.ts"
import type { Match } from "../history/search.ts"
import { hasLink } from "../history/words.ts"
import type { Home } from "../home.ts"
import type { ImportHead } from "../imported/imports.ts"
import { IMPORTED_INCARNATION, shownSeq } from "../imported/place.ts"
import { lineIn, whoSaid } from "./imported.ts"
import type { FoundMessage } from "./port/search.ts"
import type { ViewArgs } from "./port.ts"

export async function scanImported(
  home: Home,
  head: ImportHead,
  number: number,
  title: string,
  { sender, kind, from = 0, to = Number.POSITIVE_INFINITY }: ViewArgs<"search">,
  match: (text: string) => Match | undefined,
): Promise<{ found: FoundMessage[]; oldest: number }> {
  const { room } = head
  const entries = await home.history.block(room, IMPORTED_INCARNATION, number)
  const found: FoundMessage[] = []
  // The program's own order of blocks is that of its lines; where they go back in time what is first is not before the import's first.
  const oldest = number * SEGMENT <= head.base * SEGMENT ? head.first : (entries[0]?.time ?? head.first)
  if (sender) return { found, oldest }
  for (const entry of entries.toReversed()) {
    const line = lineIn(entry)
    if (!line || line.at < from || line.at >= to) continue
    const said = [line.file?.name, line.text].filter(Boolean).join("\n")
    const is = line.file ? "file" : "text"
    if (kind && kind !== is && !(kind === "link" && hasLink(said))) continue
    const hit = match(said)
    if (!hit) continue
    const place = { room, title, seq: shownSeq(entry.seq), at: line.at }
    found.push({ ...place, from: whoSaid(head, line.name), mine: false, ...hit })
  }
  return { found, oldest }
}
