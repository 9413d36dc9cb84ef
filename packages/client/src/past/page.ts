/**
 * A page of a room's past on its way from one member to one device of another: segments (history/segment.ts), and the chain's
 * hashes on both sides of what is in it. Compressed, padded, then sealed by HPKE to the key of the request. What was sealed
 * to one request, or by one person, opens as nothing else.
 */
import { concat, readU32, sameBytes, u32, u64 } from "@teahouse/protocol/bytes.ts"
import { position, raw } from "@teahouse/protocol/fields.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import { PAGE_MAX, type Range } from "../content/past.ts"
import { padme } from "../crypto/padding.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import type { Mark } from "../history/marks.ts"
import type { Block } from "../history/merge.ts"
import { decodeSegment, deflated, encodeSegment, inflated } from "../history/segment.ts"
import type { Wanted } from "../room/records.ts"

const edge = z.object({ seq: position, hash: raw(32, 32) })
type Edge = z.infer<typeof edge>
const page = z.object({
  v: z.literal(1),
  blocks: z.array(z.object({ number: position, bytes: raw(1, PAGE_MAX) })).check(z.maxLength(64)),
  edges: z.array(edge).check(z.maxLength(256)),
})
export type Given = {
  readonly blocks: ReadonlyMap<number, Block>
  /** Positions beside those that are given. */
  readonly edges: readonly Edge[]
}

/** `entries` in any order; of a block's marks those of its entries go with it. */
export async function encodePage(
  entries: readonly HistoryEntry[],
  marks: ReadonlyMap<number, Mark>,
  edges: readonly Edge[],
): Promise<Uint8Array> {
  const numbers = [...new Set(entries.map(({ seq }) => Math.floor(seq / SEGMENT)))]
  const blocks = numbers.map((number) => {
    const inside = entries
      .filter(({ seq }) => Math.floor(seq / SEGMENT) === number)
      .sort((a, b) => a.seq - b.seq)
    const said = inside.flatMap(({ seq, item }) => {
      const { again: _, ...mark } = marks.get(seq) ?? {}
      return item.type === "content" && Object.keys(mark).length > 0 ? [[seq, mark] as const] : []
    })
    return { number, bytes: encodeSegment({ entries: inside, marks: new Map(said) }) }
  })
  const packed = await deflated(pack({ v: 1, blocks, edges: [...edges] }))
  const length = padme(packed.length + 4)
  return concat(u32(packed.length), packed, new Uint8Array(length - packed.length - 4))
}

/** undefined: no page, whoever made it. */
export async function decodePage(bytes: Uint8Array): Promise<Given | undefined> {
  if (bytes.length < 4 || readU32(bytes, 0) > bytes.length - 4) return undefined
  const packed = await inflated(bytes.subarray(4, 4 + readU32(bytes, 0)))
  const value = packed && unpack(packed, 64 * 1024 * 1024)
  const parsed = value?.ok ? z.safeParse(page, value.value) : undefined
  if (!parsed?.success) return undefined
  const blocks = new Map<number, Block>()
  for (const { number, bytes: segment } of parsed.data.blocks) {
    const kept = decodeSegment(segment, number)
    if (!kept || kept.facts || blocks.has(number)) return undefined
    blocks.set(number, { entries: kept.entries, marks: kept.marks })
  }
  return { blocks, edges: parsed.data.edges }
}

/** What a page is bound to. */
export const pageData = (room: Id, incarnation: number, request: number, giver: Id): Uint8Array =>
  concat(idBytes(room), u64(incarnation), u64(request), idBytes(giver))

export type Own = {
  readonly wanted: Wanted
  /** What this account's own devices have at a position. */
  readonly entryAt: (seq: number) => Promise<HistoryEntry | undefined>
  readonly hashAt: (seq: number) => Promise<Uint8Array | undefined>
  /** Whose a device is, where that is known. */
  readonly ownerOf: (device: Id) => Id | undefined
}

/**
 * Whether a page can be what was said, as far as this device can tell: inside of what it asked for, older than nothing it may
 * have, the same as its own chain wherever the two meet, and one chain in itself (each message names what its sender saw).
 */
export async function holds(
  given: Given,
  ranges: readonly Range[],
  { wanted, entryAt, hashAt, ownerOf }: Own,
): Promise<boolean> {
  const entries = [...given.blocks.values()].flatMap((block) => block.entries).sort((a, b) => a.seq - b.seq)
  const there = new Map(entries.map((entry) => [entry.seq, entry]))
  const hashes = new Map([...given.edges, ...entries].map(({ seq, hash }) => [seq, hash]))
  const top = entries.at(-1)
  const numbers = new Map<Id, number>()
  for (const edge of given.edges) {
    const own = await hashAt(edge.seq)
    if (own && !sameBytes(own, edge.hash)) return false
  }
  // Whoever has this has what follows, and what follows is known here.
  if (top && (await hashAt(top.seq + 1)) && !hashes.has(top.seq + 1)) return false
  for (const entry of entries) {
    const { seq, time, device, n, user, kind, item } = entry
    const inside = ranges.some(({ from, to }) => from <= seq && seq <= to)
    if (!inside || seq < wanted.from || seq > wanted.to || entry.given) return false
    if (time < (wanted.since ?? 0)) return false
    const own = await entryAt(seq)
    if (own && !sameEntry(own, entry)) return false
    if (item.type === "content" && (kind !== 0 || !user)) return false
    if (user && (ownerOf(device) ?? user) !== user) return false
    if (n <= (numbers.get(device) ?? -1)) return false
    numbers.set(device, n)
    const seen = contentOf(entry)?.seen
    const hash = seen && (hashes.get(seen.seq) ?? (await hashAt(seen.seq)))
    if (seen && (seen.seq >= seq || (hash && !sameBytes(hash, seen.hash)))) return false
  }
  for (const block of given.blocks.values())
    for (const seq of block.marks.keys()) if (there.get(seq)?.item.type !== "content") return false
  return true
}

const sameEntry = (a: HistoryEntry, b: HistoryEntry): boolean =>
  a.device === b.device &&
  a.n === b.n &&
  a.kind === b.kind &&
  a.time === b.time &&
  a.generation === b.generation &&
  sameBytes(a.hash, b.hash)
