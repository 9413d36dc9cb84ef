/**
 * The frames of the messages' way, packed without going through their schemas: these values were made here, and checking
 * them again would cost more than everything else that a delivery costs. `encode.test.ts` reads them back strictly.
 */
import type { SignedHead } from "@teahouse/protocol/head.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import type { Appended, AppendRequest } from "./log.ts"
import type { StoredEntry } from "./read.ts"

export function encodeEntries(
  room: Id,
  incarnation: number,
  entries: readonly StoredEntry[],
  head: SignedHead | undefined,
): Uint8Array {
  return pack({
    t: "entries",
    room: idBytes(room),
    incarnation,
    entries: entries.map(({ seq, generation, kind, device, n, time, body, bodyHash, hash }) => {
      return { seq, generation, kind, device: idBytes(device), n, time, body, bodyHash, hash }
    }),
    head,
  })
}

export const encodeLive = (
  room: Id,
  incarnation: number,
  seq: number,
  head: SignedHead | undefined,
): Uint8Array => pack({ t: "live", room: idBytes(room), incarnation, seq, head })

export function encodeAccepted(request: AppendRequest, { incarnation, positions }: Appended): Uint8Array {
  const items = positions.map(({ seq, time, hash }, i) => ({ n: request.items[i]?.n, seq, time, hash }))
  return pack({ t: "accepted", room: idBytes(request.room), incarnation, items })
}
