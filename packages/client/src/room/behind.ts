/** Whether the house shows less of a room than was seen there (SECURITY R5). */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { RoomSummary } from "@teahouse/protocol/http/room.ts"
import type { RoomHead } from "../content/notebook.ts"
import type { Place as EpochPlace } from "./commits.ts"

export type Head = RoomHead & { readonly incarnation: number }

/** What another device of this account has seen of the room is not taken back (SECURITY R5). */
export function isBehind(
  head: Head,
  summary: Pick<RoomSummary, "incarnation" | "seq" | "hash">,
  place: EpochPlace,
): "rolled_back" | "forked" | undefined {
  const life = head.life ?? head.incarnation
  if (summary.incarnation < life || isOlder(place, head)) return "rolled_back"
  if (summary.incarnation > life) return undefined
  if (summary.seq < head.seq) return "rolled_back"
  return summary.seq === head.seq && !sameBytes(summary.hash, head.hash) ? "forked" : undefined
}

export type Seen = Omit<EpochPlace, "seq"> & Pick<RoomHead, "life">
/**
 * What was kept goes on in a later life, so an epoch may be from any since the room began. One of a life that was not seen yet is
 * what the house has kept of it.
 */
export const isOlder = (place: Omit<Seen, "life">, seen: Seen): boolean =>
  place.incarnation < seen.incarnation ||
  (place.incarnation <= (seen.life ?? seen.incarnation) &&
    (place.generation - seen.generation || place.epoch - seen.epoch) < 0)
