/**
 * The judge's view of rooms, kept for those that commit: reading one of 500 leaves back from the database takes tens of
 * milliseconds. What was judged before it was stored is read without checking signatures again.
 *
 * What is kept is held against the hash of the entry that made it: another node may have dropped the room, and somebody may
 * have opened another one under the same id.
 */
import type { Judge } from "@teahouse/judge/judge.ts"
import type { RoomState } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import type { Database } from "../db/port.ts"

/** Leaves in all states that are kept. */
const KEPT_LEAVES = 20_000

export type States = ReturnType<typeof createStates>

/** `open`: the judge's. */
export function createStates(db: Database, house: Id, open: Judge["open"]) {
  const kept = new Map<Id, { readonly state: RoomState; readonly hash: Uint8Array }>()
  let leaves = 0

  const drop = (room: Id) => {
    leaves -= kept.get(room)?.state.leaves.length ?? 0
    kept.delete(room)
  }
  const keep = (state: RoomState, hash: Uint8Array) => {
    drop(state.room)
    kept.set(state.room, { state, hash })
    leaves += state.leaves.length
    for (const room of kept.keys()) {
      if (leaves <= KEPT_LEAVES || kept.size === 1) break
      drop(room)
    }
  }

  return {
    keep,
    drop,
    /** undefined where that epoch is not the room's current one any more. */
    async at(room: Id, generation: number, epoch: number): Promise<RoomState | undefined> {
      const stored = db.read
        .selectFrom("room_epoch")
        .where("room_id", "=", idBytes(room))
        .where("generation", "=", generation)
        .where("epoch", "=", epoch)
      const known = kept.get(room)
      if (known?.state.generation === generation && known.state.epoch === epoch) {
        const now = await stored.select("hash").executeTakeFirst()
        if (!now) return undefined
        if (sameBytes(now.hash, known.hash)) return known.state
      }
      const row = await stored.select(["group_info", "hash"]).executeTakeFirst()
      if (!row) return undefined
      const state = await open(row.group_info, { house, room, generation }, { trusted: true })
      if (!state.ok) throw new Error(`a stored room state is not readable: ${state.error}`)
      keep(state.value, row.hash)
      return state.value
    },
  }
}
