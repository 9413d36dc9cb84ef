/** After adopting a commit a device says what it sees, for whoever joins next (SECURITY R3). Best effort. */
import { attestationBytes } from "@teahouse/protocol/attestation.ts"
import type { Room } from "../crypto/port.ts"
import type { RoomParts } from "./parts.ts"

export async function attest({ crypto, me, call }: Pick<RoomParts, "crypto" | "me" | "call">, group: Room) {
  const { contextHash: context, confirmationTag, externalPub } = await crypto.room.attestation(group)
  const { room, generation, epoch } = group
  const said = { generation, epoch, context, confirmationTag, externalPub }
  const signature = await crypto.device.sign(me.signature.privateKey, attestationBytes(room, said))
  await call("attest", { params: { room }, request: { ...said, device: me.device, signature } })
}
