/**
 * After adopting a commit a device says what it sees, for whoever joins next (SECURITY R3); and whoever joins by external
 * commit looks whether somebody of the tree said it of the GroupInfo that the house gives out.
 */
import { type Attestation, attestationBytes } from "@teahouse/protocol/attestation.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Crypto, Room } from "../crypto/port.ts"
import type { RoomParts } from "./parts.ts"

export const epochName = ({ generation, epoch }: Pick<Room, "generation" | "epoch">) =>
  `${generation}/${epoch}`

/**
 * `unheard`: to be said again. `shut`: what the house gives out of this epoch has another way in than its members know, so that
 * nobody can vouch for it; only the commit's maker can have done that, and the next epoch mends it.
 */
export async function attest(
  { crypto, me, call }: Pick<RoomParts, "crypto" | "me" | "call">,
  group: Room,
): Promise<"said" | "unheard" | "shut"> {
  const { contextHash: context, confirmationTag, externalPub } = await crypto.room.attestation(group)
  const { room, generation, epoch } = group
  const said = { generation, epoch, context, confirmationTag, externalPub }
  const signature = await crypto.device.sign(me.signature.privateKey, attestationBytes(room, said))
  const request = { ...said, device: me.device, signature }
  const answer = await call("attest", { params: { room }, request })
  if (answer.ok) return "said"
  const { error } = answer
  if (error.kind === "offline" || errors[error.kind].retry === "later") return "unheard"
  return error.kind === "commit_refused" && error.detail?.reason === "no_external_pub" ? "shut" : "said"
}

/**
 * Whether a leaf of this very tree attested this very GroupInfo: another person's, or a device of one's own. Who was in the
 * room before takes the word only of those whom it knew there: a stranger's group has leaves too, and they vouch for it.
 */
export async function isAttested(
  crypto: Crypto,
  groupInfo: Uint8Array,
  { room, generation, epoch, leaves }: Room["judged"],
  attestations: readonly Attestation[],
  known?: readonly Id[],
): Promise<boolean> {
  const shown = crypto.room.shown(groupInfo)
  if (!shown) return false
  for (const said of attestations) {
    const leaf = leaves.find((one) => one.device === said.device)
    const same =
      said.generation === generation &&
      said.epoch === epoch &&
      sameBytes(said.context, shown.contextHash) &&
      sameBytes(said.confirmationTag, shown.confirmationTag) &&
      sameBytes(said.externalPub, shown.externalPub)
    if (!leaf || !same || known?.includes(leaf.user) === false) continue
    if (await crypto.device.verify(leaf.signatureKey, attestationBytes(room, said), said.signature))
      return true
  }
  return false
}
