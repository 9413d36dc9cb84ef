/** Part of a block that was here and is not any more, because the store was damaged: the house may have it, and after that the others. */
import type { Problem } from "../problem.ts"
import { alsoWanted, startOf } from "../room/records.ts"
import type { RoomActor } from "../room/room.ts"
import { holeIn } from "./holes.ts"

export type Mending = {
  readonly actor: RoomActor
  readonly incarnation: number
  readonly number: number
  /** Fetches the block once more, where the house has it. */
  readonly bring: () => Promise<Problem | undefined>
}

/** A problem: not now. What neither has stays a hole. */
export async function mend({ actor, incarnation, number, bring }: Mending): Promise<Problem | undefined> {
  const holes = async () => {
    const { meta } = actor.state()
    if (meta.incarnation !== incarnation) return undefined
    const { kept } = await actor.snapshot(incarnation, number)
    const at = meta.joined.seq
    // Of the time before this device came in the others may have been asked already.
    const before = holeIn(kept.entries, number, { from: startOf(meta), to: at - 1 })
    return { before, since: holeIn(kept.entries, number, { from: at + 1, to: meta.seq }) }
  }
  const lacking = await holes()
  if (!lacking?.before && !lacking?.since) return undefined
  const refused = await bring()
  if (refused) return refused
  const left = (await holes())?.since
  if (left)
    await actor.change((state) => ({ next: { ...state, meta: alsoWanted(state.meta, left) }, writes: [] }))
  return undefined
}
