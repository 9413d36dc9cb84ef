/** A generation's opening, and GroupInfo in general: always with the tree and external_pub. */
import { openRoomState } from "@teahouse/judge/open.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { encodePolicy, ROOM_POLICY_EXTENSION, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import {
  type ClientState,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  type Extension,
  encodeMlsMessage,
} from "ts-mls"
import type { Device, Room } from "../port.ts"
import { suite } from "../suite.ts"
import { config } from "./config.ts"
import { makeKeyPackage } from "./key-package.ts"
import { mlsOf, roomOf } from "./state.ts"

export const policyExtension = (policy: RoomPolicy): Extension => ({
  extensionType: ROOM_POLICY_EXTENSION,
  extensionData: encodePolicy(policy),
})

/** Nobody looks at the lifetime of a leaf that is in the tree; it must only be well-formed. */
export const anyTime = { notBefore: 0, notAfter: 4_102_444_800_000 }

export async function groupInfoOf(mls: ClientState): Promise<Uint8Array> {
  const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(mls, [], await suite())
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_group_info", groupInfo })
}

export const groupInfo = (room: Room): Promise<Uint8Array> => groupInfoOf(mlsOf(room))

export async function create(
  device: Device,
  room: Id,
  generation: number,
  policy: RoomPolicy,
): Promise<{ room: Room; opening: Uint8Array }> {
  const { publicPackage, privatePackage } = await makeKeyPackage(device, anyTime)
  const id = groupId(room, generation)
  const mls = await createGroup(
    id,
    publicPackage,
    privatePackage,
    [policyExtension(policy)],
    await suite(),
    config,
  )
  const opening = await groupInfoOf(mls)
  const judged = await openRoomState(opening, { house: device.house, room, generation }, { opening: true })
  // Only a policy that does not fit its maker leads here, and that is the caller's doing.
  if (!judged.ok) throw new Error(`the opening would be refused: ${judged.error}`)
  return { room: roomOf(judged.value, mls), opening }
}
