/**
 * Does the next entry continue the chain that this device has? And did its sender see the same chain? (docs/contract.md 3;
 * SECURITY R5.) A mismatch is an alarm only for positions after one's own join and within what is stored.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { nextHash } from "@teahouse/protocol/chain.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Seen } from "../content/core.ts"

export type ChainPlace = {
  readonly room: Id
  readonly incarnation: number
  readonly generation: number
  readonly hash: Uint8Array
}

export function continues(place: ChainPlace, entry: Entry): boolean {
  const bodyHash = entry.body ? sha256(entry.body) : entry.bodyHash
  if (!bodyHash || entry.generation < place.generation) return false
  const { seq, generation, kind, device, n, time } = entry
  const { room, incarnation } = place
  const link = { room, incarnation, generation, seq, kind, device, n, time, bodyHash }
  return sameBytes(nextHash(place.hash, link), entry.hash)
}

/**
 * `hashAt` knows the own chain; undefined where it does not reach. `cannot_tell` is no alarm. Something seen at or after
 * the place where it stands was never honestly sealed.
 */
export async function compareSeen(
  seen: Seen,
  entrySeq: number,
  hashAt: (seq: number) => Promise<Uint8Array | undefined>,
): Promise<"same" | "forked" | "cannot_tell"> {
  if (seen.seq >= entrySeq) return "forked"
  const own = await hashAt(seen.seq)
  if (!own) return "cannot_tell"
  return sameBytes(own, seen.hash) ? "same" : "forked"
}
