/**
 * Imported lines as lines of a chat, before everything that was said in it (client/src/imported/place.ts). Each is a message that nothing can be
 * done to; above each block stands where it is from, because whoever scrolls through years of it is to be told again.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { cleanName } from "../content/name.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import type { Home } from "../home.ts"
import { blocksOf, type ImportHead } from "../imported/imports.ts"
import { IMPORTED_INCARNATION, shownSeq } from "../imported/place.ts"
import { shownFile } from "./files.ts"
import type { Person } from "./port/basic.ts"
import type { MessageItem, TimelineItem } from "./port/messages.ts"

export type ImportedPlace = { readonly head: ImportHead; readonly number: number }
type Of = Pick<Home, "imports" | "history">

const blockPlaces = (heads: readonly ImportHead[]): ImportedPlace[] =>
  heads.flatMap((head) => blocksOf(head).map((number) => ({ head, number })))

/** Somebody whom only an export knows: the same name is the same person, and nobody of this house. */
const stranger = (name: string): Person => {
  const user = idFrom(sha256(utf8(`imported ${name}`)).slice(0, 16))
  return { user, username: "", name }
}

/** What an entry of an import says; undefined where it was deleted. */
export function lineIn(entry: HistoryEntry) {
  const content = contentOf(entry)
  return content?.kind === "bundle" ? content.items[0] : undefined
}
const programs = { telegram: "Telegram", whatsapp: "WhatsApp" } as const
/** Of whoever said a line; the program itself where the export names nobody. */
export const whoSaid = (head: ImportHead, name: string): Person =>
  stranger(cleanName(name) || programs[head.source])

function itemOf(head: ImportHead, entry: HistoryEntry): MessageItem[] {
  const line = lineIn(entry)
  if (!line) return []
  const { name, at, text, file } = line
  const shown = file && shownFile({ ...file, ...(text === "" ? {} : { caption: text }) })
  return [
    {
      ...{ type: "message", key: `imported:${entry.seq}`, seq: shownSeq(entry.seq), at, mine: false },
      from: whoSaid(head, name),
      text: text === "" && file ? file.name : text,
      body: shown ? { kind: "file", file: shown } : { kind: "text" },
      ...{ mentions: [], reactions: [], may: { edit: false, recall: false, pin: false }, imported: true },
    },
  ]
}

/** Its blocks, with the first and last position that each may have. */
export const importedPlaces = (heads: readonly ImportHead[]) =>
  blockPlaces(heads).map((place) => ({
    ...place,
    first: shownSeq(place.number * SEGMENT),
    last: shownSeq((place.number + 1) * SEGMENT - 1),
  }))

export async function itemsIn({ history }: Of, { head, number }: ImportedPlace): Promise<MessageItem[]> {
  const entries = await history.block(head.room, IMPORTED_INCARNATION, number)
  return entries.flatMap((entry) => itemOf(head, entry))
}

async function blockItems(home: Of, { head, number }: ImportedPlace): Promise<TimelineItem[]> {
  const items = await itemsIn(home, { head, number })
  const [first] = items
  if (!first) return []
  const { source, title } = head
  const event = { kind: "imported", source, title, import: head.digest } as const
  return [{ type: "event", key: `import:${first.seq}`, seq: first.seq ?? 0, at: first.at, event }, ...items]
}

/** The last `count` lines before a position, at least; all where there are fewer. */
export async function importedBefore(
  home: Of,
  heads: readonly ImportHead[],
  seq: number,
  count: number,
): Promise<TimelineItem[]> {
  const items: TimelineItem[] = []
  for (const place of blockPlaces(heads).toReversed()) {
    if (shownSeq(place.number * SEGMENT) >= seq) continue
    items.unshift(...(await blockItems(home, place)).filter((item) => (item.seq ?? 0) < seq))
    if (items.length > count) break
  }
  return items
}

/** The first `count` lines from a position on, at least; all where there are fewer. */
export async function importedFrom(
  home: Of,
  heads: readonly ImportHead[],
  seq: number,
  count: number,
): Promise<TimelineItem[]> {
  const items: TimelineItem[] = []
  for (const place of blockPlaces(heads)) {
    if (shownSeq((place.number + 1) * SEGMENT) <= seq) continue
    items.push(...(await blockItems(home, place)).filter((item) => (item.seq ?? 0) >= seq))
    if (items.length > count) break
  }
  return items
}
