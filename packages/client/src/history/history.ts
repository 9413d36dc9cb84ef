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

export const SEGMENT = 256
const MAX_SEGMENT = 64 * 1024 * 1024
const CACHED = 24

export type History = {
  /** What to write, in the same batch as the cursor, so that these consecutive entries are kept. */
  add(room: Id, incarnation: number, entries: readonly HistoryEntry[]): Promise<SealedWrite[]>
  /** After that batch was written. */
  added(room: Id, incarnation: number, entries: readonly HistoryEntry[]): void
  /** The entries of ⌊seq/256⌋ = number that this device has, in order. */
  block(room: Id, incarnation: number, number: number): Promise<readonly HistoryEntry[]>
  drop(room: Id): SealedWrite[]
}

type Segment = { readonly generation: number; readonly version: number; readonly sealed: Uint8Array }

const tailPrefix = (room: Id, incarnation: number, number: number) =>
  `tail/${room}/${incarnation}/${numberKey(number)}/`
const segmentKey = (room: Id, incarnation: number, number: number) =>
  `segment/${room}/${incarnation}/${numberKey(number)}`

export type HistoryParts = {
  readonly store: SealedStore
  readonly sealed: SealedCrypto
  readonly user: Id
  /** Keys by AMK generation; the newest without an argument. */
  readonly keys: (generation?: number) => Promise<AmkKeys | undefined>
}

export function createHistory({ store, sealed, user, keys }: HistoryParts): History {
  const cache = new Map<string, HistoryEntry[]>()
  const remember = (key: string, entries: HistoryEntry[]) => {
    cache.delete(key)
    cache.set(key, entries)
    for (const oldest of cache.keys()) {
      if (cache.size <= CACHED) break
      cache.delete(oldest)
    }
    return entries
  }

  /** How often a block was added to: what was read from the store meanwhile may lack the newest entries. */
  const additions = new Map<string, number>()

  const read = async (room: Id, incarnation: number, number: number): Promise<HistoryEntry[]> => {
    const key = segmentKey(room, incarnation, number)
    const known = cache.get(key)
    if (known) return remember(key, known)
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

  const seal = async (room: Id, incarnation: number, number: number, entries: readonly HistoryEntry[]) => {
    const newest = await keys()
    if (!newest) throw new Error("no account key to seal history with")
    const place = { user, room, incarnation, number, version: 1 }
    const bytes = await sealed.sealHistory(newest, place, concat(Uint8Array.of(0), pack(entries)))
    return { generation: newest.generation, version: 1, sealed: bytes } satisfies Segment
  }

  return {
    block: read,
    async add(room, incarnation, entries) {
      const writes: SealedWrite[] = []
      for (const [number, fresh] of byBlock(entries)) {
        const tail = tailPrefix(room, incarnation, number)
        const first = fresh[0]?.seq ?? 0
        if (fresh.at(-1)?.seq !== number * SEGMENT + SEGMENT - 1) {
          writes.push({ put: tail + numberKey(first), value: fresh })
          continue
        }
        const older = (await read(room, incarnation, number)).filter((entry) => entry.seq < first)
        const value = await seal(room, incarnation, number, [...older, ...fresh])
        writes.push({ dropPrefix: tail }, { put: segmentKey(room, incarnation, number), value })
      }
      return writes
    },
    added(room, incarnation, entries) {
      for (const [number, fresh] of byBlock(entries)) {
        const key = segmentKey(room, incarnation, number)
        additions.set(key, (additions.get(key) ?? 0) + 1)
        const known = cache.get(key)
        if (known) remember(key, [...known.filter((e) => e.seq < (fresh[0]?.seq ?? 0)), ...fresh])
      }
    },
    drop: (room) => [{ dropPrefix: `tail/${room}/` }, { dropPrefix: `segment/${room}/` }],
  }
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
