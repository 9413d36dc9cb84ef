/**
 * A room's local history, from the first day in the shape in which it is later uploaded: one sealed
 * record per (room, incarnation, ⌊seq/256⌋), and the unfinished tail as it came: an entry, or the entries of one frame. Segments are sealed under a
 * subkey of the newest account key, so that the same bytes open on the account's other devices; the store's own seal
 * stands around them like around everything.
 * Compression is announced by the segment's first byte; 0 is none.
 */
import { concat } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import type { AmkKeys, SealedCrypto } from "../crypto/port.ts"
import { numberKey } from "../store/port.ts"
import { type SealedStore, type SealedWrite, StoreDamaged } from "../store/sealed.ts"
import type { HistoryEntry } from "./entry.ts"
import { unsafeWrites } from "./unsafe.ts"
import { wordlessWrites } from "./wordless.ts"

export const SEGMENT = 256
const MAX_SEGMENT = 64 * 1024 * 1024
/** Blocks in memory, and bytes of what they hold: messages carry their small pictures, and a block full of them is 6 MB. */
const CACHED = 24
const CACHED_BYTES = 16 * 1024 * 1024

export type History = {
  /**
   * What to write, in the same batch as the cursor, so that these consecutive entries are kept, and so that those in
   * `anew` take the place of what was kept under their numbers.
   */
  add(
    room: Id,
    incarnation: number,
    entries: readonly HistoryEntry[],
    anew?: readonly HistoryEntry[],
  ): Promise<SealedWrite[]>
  /** After that batch was written. */
  added(room: Id, incarnation: number, entries: readonly HistoryEntry[], anew?: readonly HistoryEntry[]): void
  /** What to write so that a block holds exactly these, in order; and after that was written. */
  replace(
    room: Id,
    incarnation: number,
    number: number,
    entries: readonly HistoryEntry[],
  ): Promise<SealedWrite[]>
  replaced(room: Id, incarnation: number, number: number, entries: readonly HistoryEntry[]): void
  /** The entries of ⌊seq/256⌋ = number that this device has, in order. */
  block(room: Id, incarnation: number, number: number): Promise<readonly HistoryEntry[]>
  /** How often that has become another one since the start. */
  changes(room: Id, incarnation: number, number: number): number
  drop(room: Id): SealedWrite[]
}

type Segment = { readonly generation: number; readonly version: number; readonly sealed: Uint8Array }

const tailPrefix = (room: Id, incarnation: number, number: number) =>
  `tail/${room}/${incarnation}/${numberKey(number)}/`
const segmentKey = (room: Id, incarnation: number, number: number) =>
  `segment/${room}/${incarnation}/${numberKey(number)}`
/** `tail`: what follows room and incarnation in the key of a part. */
const segmentOf = (room: Id, incarnation: number, tail: string) =>
  `segment/${room}/${incarnation}/${tail.slice(0, tail.indexOf("/"))}`

/** What to write before a block holds less than it did, and perhaps nothing. */
export const cutWrites = (room: Id, incarnation: number, number: number): SealedWrite[] => [
  { dropPrefix: tailPrefix(room, incarnation, number) },
  { drop: segmentKey(room, incarnation, number) },
  // Its sign goes with the next making.
  ...wordlessWrites(room, incarnation, [number]),
]

/** Blocks between these positions of which nothing is here, although they were read or brought: the store was damaged. */
export async function blocksGone(
  store: SealedStore,
  { room, incarnation }: { readonly room: Id; readonly incarnation: number },
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number[]> {
  const tails = `tail/${room}/${incarnation}/`
  const keys = [
    ...(await store.keys(`segment/${room}/${incarnation}/`)),
    ...(await store.keys(tails)).map((key) => segmentOf(room, incarnation, key.slice(tails.length))),
  ]
  const here = new Set(keys)
  const gone: number[] = []
  for (let number = Math.floor(from / SEGMENT); number <= Math.floor(to / SEGMENT); number++)
    if (!here.has(segmentKey(room, incarnation, number))) gone.push(number)
  return gone
}

/** The last entry that is stored, looked for around the cursor: a room's record that is older than it was damaged. */
export async function lastKept(
  store: SealedStore,
  { room, incarnation, seq }: { readonly room: Id; readonly incarnation: number; readonly seq: number },
): Promise<HistoryEntry | undefined> {
  const number = Math.floor(seq / SEGMENT)
  for (const one of [number + 1, number]) {
    const prefix = tailPrefix(room, incarnation, one)
    const [row] = await store.range<HistoryEntry[]>(prefix, { reverse: true, limit: 1 })
    if (row) return row.value.at(-1)
  }
  return undefined
}

export type HistoryParts = {
  readonly store: SealedStore
  readonly sealed: SealedCrypto
  readonly user: Id
  /** Keys by AMK generation; the newest without an argument. */
  readonly keys: (generation?: number) => Promise<AmkKeys | undefined>
}

export function createHistory({ store, sealed, user, keys }: HistoryParts): History {
  const cache = new Map<string, { readonly entries: HistoryEntry[]; readonly bytes: number }>()
  let cachedBytes = 0
  const letGo = (key: string) => {
    cachedBytes -= cache.get(key)?.bytes ?? 0
    cache.delete(key)
  }
  const remember = (key: string, entries: HistoryEntry[]) => {
    letGo(key)
    const bytes = entries.reduce(
      (sum, { item }) => sum + (item.type === "content" ? item.bytes.length : 0),
      0,
    )
    cache.set(key, { entries, bytes })
    cachedBytes += bytes
    for (const oldest of cache.keys()) {
      if (oldest === key || (cache.size <= CACHED && cachedBytes <= CACHED_BYTES)) break
      letGo(oldest)
    }
    return entries
  }

  /** How often a block was added to: what was read from the store meanwhile may lack the newest entries. */
  const additions = new Map<string, number>()

  const read = async (room: Id, incarnation: number, number: number): Promise<HistoryEntry[]> => {
    const key = segmentKey(room, incarnation, number)
    const known = cache.get(key)
    if (known) {
      // The one used last goes last.
      cache.delete(key)
      cache.set(key, known)
      return known.entries
    }
    const before = additions.get(key)
    const entries = await load(key, room, incarnation, number)
    return additions.get(key) === before ? remember(key, entries) : read(room, incarnation, number)
  }

  const load = async (
    key: string,
    room: Id,
    incarnation: number,
    number: number,
  ): Promise<HistoryEntry[]> => {
    const segment = await store.get<Segment>(key)
    if (!segment) {
      const rows = await store.range<HistoryEntry[]>(tailPrefix(room, incarnation, number))
      return rows.flatMap((row) => row.value)
    }
    const opener = await keys(segment.generation)
    const place = { user, room, incarnation, number, version: segment.version }
    const plain = opener && (await sealed.openHistory(opener, place, segment.sealed))
    const value = plain?.ok && plain.value[0] === 0 ? unpack(plain.value.subarray(1), MAX_SEGMENT) : undefined
    if (!value?.ok) throw new StoreDamaged(key)
    return value.value as HistoryEntry[]
  }

  const seal = async (
    room: Id,
    incarnation: number,
    number: number,
    entries: readonly HistoryEntry[],
    version = 1,
  ) => {
    const newest = await keys()
    if (!newest) throw new Error("no account key to seal history with")
    const place = { user, room, incarnation, number, version }
    const bytes = await sealed.sealHistory(newest, place, concat(Uint8Array.of(0), pack(entries)))
    return { generation: newest.generation, version, sealed: bytes } satisfies Segment
  }

  /** A block in which something is replaced is written whole: a segment as its next version, a tail as one record. */
  const rewrite = async (room: Id, incarnation: number, number: number, entries: readonly HistoryEntry[]) => {
    const first = entries[0]
    if (!first) return []
    const tail = tailPrefix(room, incarnation, number)
    const drop: SealedWrite = { dropPrefix: tail }
    if (entries.at(-1)?.seq !== number * SEGMENT + SEGMENT - 1)
      return [drop, { put: tail + numberKey(first.seq), value: entries }]
    const key = segmentKey(room, incarnation, number)
    const version = ((await store.get<Segment>(key))?.version ?? 0) + 1
    return [
      drop,
      { put: key, value: await seal(room, incarnation, number, entries, version) },
      ...wordlessWrites(room, incarnation, [number]),
    ]
  }

  return {
    block: read,
    async add(room, incarnation, entries, anew = []) {
      const writes: SealedWrite[] = []
      const blocks = byBlock(entries)
      const replaced = byBlock(anew)
      const touched = new Set([...blocks.keys(), ...replaced.keys()])
      writes.push(...unsafeWrites(room, incarnation, touched))
      for (const number of touched) {
        const fresh = blocks.get(number) ?? []
        const tail = tailPrefix(room, incarnation, number)
        const first = fresh[0]?.seq ?? Number.POSITIVE_INFINITY
        const complete = fresh.at(-1)?.seq === number * SEGMENT + SEGMENT - 1
        const others = replaced.get(number)
        if (!complete && !others) {
          writes.push({ put: tail + numberKey(first), value: fresh })
          continue
        }
        const older = (await read(room, incarnation, number)).filter((entry) => entry.seq < first)
        const all = [...withAnew(older, others), ...fresh]
        writes.push(...(await rewrite(room, incarnation, number, all)))
      }
      return writes
    },
    added(room, incarnation, entries, anew = []) {
      const blocks = byBlock(entries)
      const replaced = byBlock(anew)
      for (const number of new Set([...blocks.keys(), ...replaced.keys()])) {
        const key = segmentKey(room, incarnation, number)
        additions.set(key, (additions.get(key) ?? 0) + 1)
        const known = cache.get(key)
        if (!known) continue
        const fresh = blocks.get(number) ?? []
        const first = fresh[0]?.seq ?? Number.POSITIVE_INFINITY
        const older = known.entries.filter((entry) => entry.seq < first)
        remember(key, [...withAnew(older, replaced.get(number)), ...fresh])
      }
    },
    replace: rewrite,
    replaced(room, incarnation, number, entries) {
      const key = segmentKey(room, incarnation, number)
      additions.set(key, (additions.get(key) ?? 0) + 1)
      remember(key, [...entries])
    },
    changes: (room, incarnation, number) => additions.get(segmentKey(room, incarnation, number)) ?? 0,
    drop: (room) =>
      ["tail", "segment", "unsafe", "safe", "late", "words", "signs", "wordless", "past"].map((kind) => ({
        dropPrefix: `${kind}/${room}/`,
      })),
  }
}

function withAnew(
  entries: readonly HistoryEntry[],
  anew: readonly HistoryEntry[] = [],
): readonly HistoryEntry[] {
  if (anew.length === 0) return entries
  const bySeq = new Map(anew.map((entry) => [entry.seq, entry]))
  return entries.map((entry) => bySeq.get(entry.seq) ?? entry)
}

function byBlock(entries: readonly HistoryEntry[]): Map<number, HistoryEntry[]> {
  const blocks = new Map<number, HistoryEntry[]>()
  for (const entry of entries) {
    const number = Math.floor(entry.seq / SEGMENT)
    const block = blocks.get(number)
    if (block) block.push(entry)
    else blocks.set(number, [entry])
  }
  return blocks
}
