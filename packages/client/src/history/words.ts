/**
 * What a complete block says, as one folded text beside it: a search looks there first and opens a block only where it may find
 * something. It is no index: Chinese has no words to index by. It is made when there is time (indexing.ts); where it is not
 * there, or has been dropped because something in the block changed, the block itself is read.
 */
import type { Content } from "../content/message.ts"
import { textOf } from "../room/preview.ts"
import { contentOf } from "./content-of.ts"
import type { HistoryEntry } from "./entry.ts"
import type { Marks } from "./marks.ts"
import { folded } from "./search.ts"

/** `oldest`: time of the block's first entry (ms UTC). */
export type Words = { readonly oldest: number; readonly text: string }

/** What a message can be found by. A sticker has no words: what stands in its place is a word of one language. */
export const wordsIn = (content: Content): string | undefined =>
  textOf(
    content.kind === "bundle"
      ? { ...content, items: content.items.map((line) => (line.sticker ? { ...line, text: "" } : line)) }
      : content,
  )

export function wordsOf(entries: readonly HistoryEntry[], marks: Marks): Words {
  const said: string[] = []
  for (const entry of entries) {
    const content = contentOf(entry)
    const text = content && (marks.get(entry.seq)?.edit?.text ?? wordsIn(content))
    if (text !== undefined) said.push(folded(text))
  }
  return { oldest: entries[0]?.time ?? 0, text: said.join("\n") }
}
