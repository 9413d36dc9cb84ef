/** Rows as the protocol shows them. */
import type { Contact, FriendRequest } from "@teahouse/protocol/http/contact.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { contactStates } from "./writes.ts"

export const contactOf = (row: {
  readonly peer_id: Uint8Array
  readonly state: number
  readonly room_id: Uint8Array
  readonly since: number
  readonly name: string
  readonly kind: number
  readonly profile: number | null
}): Contact => ({
  user: idFrom(row.peer_id),
  username: row.name,
  kind: row.kind === 1 ? "bot" : "person",
  state: row.state === contactStates.friend ? "friend" : "removed",
  room: idFrom(row.room_id),
  since: row.since,
  profile: row.profile ?? 0,
})

export const requestOf = (
  direction: FriendRequest["direction"],
  row: {
    readonly id: Uint8Array
    readonly peer: Uint8Array
    readonly room_id: Uint8Array
    readonly created: number
    readonly name: string
    readonly device?: Uint8Array | null
    readonly certificate?: Uint8Array | null
    readonly signature_key?: Uint8Array | null
    readonly sealed?: Uint8Array | null
  },
): FriendRequest => ({
  id: idFrom(row.id),
  direction,
  user: idFrom(row.peer),
  username: row.name,
  room: idFrom(row.room_id),
  time: row.created,
  ...(row.sealed ? { line: row.sealed } : {}),
  ...(row.device && row.certificate && row.signature_key
    ? { from: { device: idFrom(row.device), certificate: row.certificate, signatureKey: row.signature_key } }
    : {}),
})
