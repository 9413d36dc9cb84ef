/** Takes revoked devices out of the rooms that they are in, by a signed notice; whoever sends next commits the removal. */
import { leafHash } from "@teahouse/judge/state.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { type AnswerParts, sayInRoom } from "../contact/answer.ts"
import { isIn } from "../room/removals.ts"
import type { RoomActor } from "../room/room.ts"

type Revoked = { readonly device: Id; readonly signature: Uint8Array }

/** Which of them the account's identity key really revoked: the house's word alone takes nobody out. */
export async function takeOut(
  parts: AnswerParts,
  uik: Uint8Array,
  revoked: readonly Revoked[],
): Promise<readonly Id[]> {
  const { crypto, me, rooms } = parts
  const signed: Id[] = []
  for (const { device, signature } of revoked)
    if (await crypto.device.verify(uik, revocationBytes(me.house, me.user, device), signature))
      signed.push(device)
  for (const actor of rooms.all()) for (const device of signed) await sayRevoked(parts, actor, device)
  return signed
}

/** Rooms that cannot be told now are told the next time. */
async function sayRevoked(parts: AnswerParts, actor: RoomActor, device: Id): Promise<void> {
  const { user } = parts.me
  const { meta, group } = actor.state()
  if (!group || device === parts.me.device || !isIn(actor.state(), device)) return
  // Somebody has said it already.
  if (meta.removals?.some((removal) => removal.device === device)) return
  const place = group.judged.leaves.find((one) => one.device === device && one.user === user)
  const leaf = place && leafHash(group.judged, place.leaf)
  if (!leaf) return
  await sayInRoom(parts, actor.room, { kind: "device_revoked", user, device, leaf }, (n, notice) =>
    parts.call("postNotice", { params: { room: actor.room }, request: { n, notice } }),
  )
}
