/**
 * What a complete block says, as one folded text beside it: a search looks there first and opens a block only for what it shows.
 * Beside each line stands who said it and what it is, so that filters are answered there too. It is no index: Chinese has no
 * words to index by; signs.ts says which blocks need not be looked at. It is made when there is time (indexing.ts); where it is
 * not there, or has been dropped because something in the block changed, the block itself is read.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Content } from "../content/message.ts"
import { textOf } from "../room/preview.ts"
import type { SearchKind } from "../view/port/search.ts"
import { contentOf } from "./content-of.ts"
import type { HistoryEntry } from "./entry.ts"
import { SEGMENT } from "./history.ts"
import type { Marks } from "./marks.ts"
import { folded } from "./search.ts"

/** No text has it: it is taken out of those that do. */
export const LINE_END = "\0"

/** Of each line in turn: its place in the block, who said it (a place in `users`; NOBODY), its kinds as bits. */
export type Lines = {
  readonly places: Uint8Array
  readonly who: Uint8Array
  readonly kinds: Uint8Array
  readonly users: readonly Id[]
}
/** `oldest`, `newest`: times of the block's first and last entry (ms UTC). `lines`, `newest`: older clients have made none. */
export type Words = {
  readonly oldest: number
  readonly newest?: number
  readonly text: string
  readonly lines?: Lines
}

/** Also whoever is the 256th and more to speak in one block: then the block is asked. */
export const NOBODY = 255
const bits: Readonly<Record<SearchKind, number>> = {
  text: 1,
  link: 2,
  file: 4,
  sticker: 8,
  poll: 16,
  bundle: 32,
}
export const kindBit = (kind: SearchKind): number => bits[kind]

export function kindOf(content: Content | undefined): SearchKind | undefined {
  return content && Object.hasOwn(bits, content.kind) ? (content.kind as SearchKind) : undefined
}

const link = /\b(?:https?:\/\/|www\.)\S/i
export const hasLink = (text: string): boolean => link.test(text)

type BundleLine = Extract<Content, { kind: "bundle" }>["items"][number]

/** All that a search may look for in it: the name of a file, too, as in what was imported (view/search-imported.ts), with its caption. */
const lineWords = ({ text, file, sticker }: BundleLine): string =>
  sticker ? "" : file && text !== file.name ? `${file.name}\n${text}` : text

/** What a message can be found by. A sticker has no words: what stands in its place is a word of one language. */
export const wordsIn = (content: Content): string | undefined =>
  textOf(
    content.kind === "bundle"
      ? { ...content, items: content.items.map((line) => ({ ...line, text: lineWords(line) })) }
      : content,
  )

export function wordsOf(entries: readonly HistoryEntry[], marks: Marks): Words {
  const said: string[] = []
  const [places, who, kinds]: [number[], number[], number[]] = [[], [], []]
  const users: Id[] = []
  for (const entry of entries) {
    const content = contentOf(entry)
    const text = content && (marks.get(entry.seq)?.edit?.text ?? wordsIn(content))
    if (text === undefined) continue
    const kind = kindOf(content)
    if (entry.user && !users.includes(entry.user) && users.length < NOBODY) users.push(entry.user)
    const speaker = entry.user ? users.indexOf(entry.user) : -1
    said.push(folded(text).replaceAll(LINE_END, " "))
    places.push(entry.seq % SEGMENT)
    who.push(speaker < 0 ? NOBODY : speaker)
    kinds.push(kind ? kindBit(kind) | (kind === "text" && hasLink(text) ? kindBit("link") : 0) : 0)
  }
  return {
    oldest: entries[0]?.time ?? 0,
    newest: entries.at(-1)?.time ?? 0,
    text: said.join(LINE_END),
    lines: {
      places: Uint8Array.from(places),
      who: Uint8Array.from(who),
      kinds: Uint8Array.from(kinds),
      users,
    },
  }
}

export type Looked = {
  /** Folded; empty: everything that the rest lets through. */
  readonly wanted: string
  readonly sender?: Id | undefined
  readonly kind?: SearchKind | undefined
}

/** Places in the block (seq modulo its size) of what may be found, in order; undefined: the block itself is to be asked. */
export function placesOf({ text, lines }: Words, { wanted, sender, kind }: Looked): number[] | undefined {
  if (!lines) return text.includes(wanted) ? undefined : []
  const sought = sender ? lines.users.indexOf(sender) : undefined
  const unknown = lines.users.length >= NOBODY
  if (sought === -1 && !unknown) return []
  const fits = (line: number) =>
    (sought === undefined || lines.who[line] === sought || (unknown && lines.who[line] === NOBODY)) &&
    (!kind || ((lines.kinds[line] ?? 0) & kindBit(kind)) !== 0)
  const found: number[] = []
  if (wanted === "") {
    for (let line = 0; line < lines.places.length; line++) if (fits(line)) found.push(lines.places[line] ?? 0)
    return found
  }
  let line = 0
  let end = text.indexOf(LINE_END)
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, end)) {
    for (; end >= 0 && end < at; end = text.indexOf(LINE_END, end + 1)) line++
    if (fits(line)) found.push(lines.places[line] ?? 0)
    if (end < 0) break
  }
  return found
}
