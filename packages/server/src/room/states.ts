/**
 * The judge's view of rooms, kept for those that commit: reading one of 500 leaves back from the database takes tens of
 * milliseconds. What was judged before it was stored is read without checking signatures again.
 */
import { openRoomState } from "@teahouse/judge/open.ts"
import type { RoomState } from "@teahouse/judge/state.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import type { Database } from "../db/port.ts"

/** Leaves in all states that are kept. */
const KEPT_LEAVES = 20_000

export type States = ReturnType<typeof createStates>

export function createStates(db: Database, house: Id) {
  const kept = new Map<Id, RoomState>()
  let leaves = 0

  const drop = (room: Id) => {
    leaves -= kept.get(room)?.leaves.length ?? 0
    kept.delete(room)
  }
  const keep = (state: RoomState) => {
    drop(state.room)
    kept.set(state.room, state)
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
      const known = kept.get(room)
      if (known?.generation === generation && known.epoch === epoch) return known
      const row = await db.read
        .selectFrom("room_epoch")
        .select("group_info")
        .where("room_id", "=", idBytes(room))
        .where("generation", "=", generation)
        .where("epoch", "=", epoch)
        .executeTakeFirst()
      if (!row) return undefined
      const state = await openRoomState(row.group_info, { house, room, generation }, { trusted: true })
      if (!state.ok) throw new Error(`a stored room state is not readable: ${state.error}`)
      keep(state.value)
      return state.value
    },
  }
}
