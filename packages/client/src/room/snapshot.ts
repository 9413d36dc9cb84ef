/** What this device has of a block of a room's history, for the house to keep (safekeeping.ts). */
import { SEGMENT } from "../history/history.ts"
import { factsOf, type Kept } from "../history/kept.ts"
import { type Unsafe, unsafeKey } from "../history/unsafe.ts"
import type { RoomCore } from "./core.ts"

/** With the change that made it so; for a room's newest block with the room's facts. */
export type Snapshot = { readonly kept: Kept; readonly change: number | undefined }

/** Under the room's lock. */
export async function snapshot(core: RoomCore, incarnation: number, number: number): Promise<Snapshot> {
  const { room, parts } = core
  const { meta } = core.state()
  const [entries, marks, unsafe] = await Promise.all([
    parts.history.block(room, incarnation, number),
    parts.marks.block(room, incarnation, number),
    parts.store.get<Unsafe>(unsafeKey(room, incarnation, number)),
  ])
  const newest = incarnation === meta.incarnation && number === Math.floor(meta.seq / SEGMENT)
  const facts = factsOf(meta)
  return {
    kept: { entries, marks, ...(newest && Object.keys(facts).length > 0 ? { facts } : {}) },
    change: unsafe?.change,
  }
}
