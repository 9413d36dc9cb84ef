/**
 * A house that was restored from a backup goes on with its log in a new incarnation, and says of each room, signed, up to where it
 * kept what was (SECURITY R5; following.ts). What this device has of a room stays under the incarnation in which the room began:
 * positions go on, so only the newest life is noted beside it. What the house has lost of it goes under the new number (step-back.ts).
 *
 * Rejected: moving everything that is stored of a room (blocks, marks, what waits for them, search, what was hidden) under the new
 * number, which would do for a few kept positions what nobody can see.
 */
import type { Life, RoomMeta } from "./records.ts"

export type Known = Pick<RoomMeta, "incarnation" | "life">

/** The incarnation in which the room's log goes on. */
export const lifeOf = ({ incarnation, life }: Known): number => life?.incarnation ?? incarnation

/** In which incarnation this position was written: what a person notes of a message goes by it, because positions come again. */
export const lifeAt = ({ incarnation, life }: Known, seq: number): number =>
  (life && [...(life.earlier ?? []), life].findLast(({ kept }) => kept < seq))?.incarnation ?? incarnation

/** Whether entries of this incarnation may come now. Older ones only where the house still tells what it has kept. */
export const isOfNow = (meta: Known & Pick<RoomMeta, "seq">, incarnation: number): boolean =>
  incarnation === lifeOf(meta) ||
  (meta.life !== undefined &&
    meta.seq < meta.life.kept &&
    incarnation < meta.life.incarnation &&
    incarnation >= meta.incarnation)

/** Whether what was seen stands in a part of the log that the house has lost since: nothing is held against it any more. */
export const isLost = (
  seen: { readonly incarnation: number; readonly life?: number | undefined; readonly seq: number },
  life: Life | undefined,
): boolean => life !== undefined && (seen.life ?? seen.incarnation) < life.incarnation && seen.seq > life.kept
