/**
 * What was done to messages: edits, reactions, votes. One small record for each message that has any, beside the
 * history and under the same blocks, so that a window of a chat reads them in one go and a reaction rewrites nothing but its
 * own record. The history itself stays as it was said. Rejected: marks inside the segments; each reaction would seal
 * 256 entries anew.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { MentionContent } from "../content/core.ts"
import { numberKey } from "../store/port.ts"
import type { SealedStore, SealedWrite } from "../store/sealed.ts"
import { SEGMENT } from "./history.ts"
import { unsafeWrites } from "./unsafe.ts"
import { wordlessWrites } from "./wordless.ts"

export type Mark = {
  /** The position of the last act that counted. */
  readonly at?: number
  readonly edit?: { readonly text: string; readonly mentions?: readonly MentionContent[] }
  /** In the order in which each came first. */
  readonly reactions?: readonly { readonly emoji: string; readonly users: readonly Id[] }[]
  readonly votes?: readonly { readonly user: Id; readonly choices: readonly number[] }[]
  readonly ended?: boolean
  /** One's own text that was recalled, until it may no longer be written anew (ms UTC). */
  readonly again?: { readonly text: string; readonly until: number }
}
export type Marks = ReadonlyMap<number, Mark>

const CACHED = 24
const prefix = (room: Id, incarnation: number, number: number) =>
  `mark/${room}/${incarnation}/${numberKey(number)}/`
const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

export type MarkStore = ReturnType<typeof createMarks>

export function createMarks(store: SealedStore) {
  const cache = new Map<string, Map<number, Mark>>()
  /** How often a block was written: what was read meanwhile may be older. */
  const written = new Map<string, number>()

  const block = async (room: Id, incarnation: number, number: number): Promise<Marks> => {
    const at = prefix(room, incarnation, number)
    const known = cache.get(at)
    if (known) return known
    const before = written.get(at)
    const rows = await store.range<Mark>(at)
    const read = new Map(rows.map(({ key, value }) => [Number.parseInt(key.slice(at.length), 36), value]))
    if (written.get(at) !== before) return block(room, incarnation, number)
    cache.set(at, read)
    for (const oldest of cache.keys()) {
      if (cache.size <= CACHED) break
      cache.delete(oldest)
    }
    return read
  }

  return {
    block,
    async get(room: Id, incarnation: number, seq: number): Promise<Mark | undefined> {
      return (await block(room, incarnation, blockOf(seq))).get(seq)
    },
    writes: (room: Id, incarnation: number, changed: Marks): SealedWrite[] => [
      ...[...changed].map(([seq, value]) => ({
        put: prefix(room, incarnation, blockOf(seq)) + numberKey(seq),
        value,
      })),
      ...unsafeWrites(room, incarnation, [...changed.keys()].map(blockOf)),
      ...wordlessWrites(
        room,
        incarnation,
        [...changed].flatMap(([seq, { edit }]) => (edit ? [blockOf(seq)] : [])),
      ),
    ],
    /** After those were written. */
    wrote(room: Id, incarnation: number, changed: Marks) {
      for (const [seq, mark] of changed) {
        const at = prefix(room, incarnation, blockOf(seq))
        written.set(at, (written.get(at) ?? 0) + 1)
        // A view may hold the old map.
        const known = cache.get(at)
        if (known) cache.set(at, new Map(known).set(seq, mark))
      }
    },
    /** How often a block's have become others since the start. */
    changes: (room: Id, incarnation: number, number: number) =>
      written.get(prefix(room, incarnation, number)) ?? 0,
    drop: (room: Id): SealedWrite[] => [{ dropPrefix: `mark/${room}/` }],
  }
}
