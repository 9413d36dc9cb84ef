/**
 * One room's state: the library's, and the judge's view of its public part beside it. On disk only the library's is
 * kept: the judge's is read out of it (it was judged before it was stored).
 *
 * A message changes one leaf of the secret tree and nothing else, so that is all that is written for it (about 100 bytes
 * instead of 200 KB at 500 devices). A delta names its epoch: one that does not fit means a damaged store, and reading
 * on with an old ratchet would use a key twice; then there is no state, and the device rejoins.
 *
 * Past epochs are dropped with the commit that ends them: the log is in order, and by then all of theirs is read.
 */
import { type RoomState, roomState } from "@teahouse/judge/state.ts"
import { concat, readU64, sameBytes, u64 } from "@teahouse/protocol/bytes.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type ClientState, decodeGroupState, encodeGroupState } from "ts-mls"
import { encode as tlsEncode } from "ts-mls/codec/tlsEncoder.js"
import { decodeSecretTreeNode, secretTreeNodeEncoder } from "ts-mls/secretTree.js"
import type { Delta, Device, Room, SentUpTo } from "../port.ts"
import { config } from "./config.ts"

export const mlsOf = (room: Room): ClientState => room.mls as ClientState

export function roomOf(judged: RoomState, mls: ClientState): Room {
  const { room, generation, epoch } = judged
  const kept: ClientState =
    mls.historicalReceiverData.size > 0 ? { ...mls, historicalReceiverData: new Map() } : mls
  return { room, generation, epoch, leaf: mls.privatePath.leafIndex, judged, mls: kept }
}

const encodeSecrets = tlsEncode(secretTreeNodeEncoder)

export function deltaOf(room: Room, leaf: number): Delta {
  const node = mlsOf(room).secretTree[leaf * 2]
  if (!node) throw new Error("no such leaf in the secret tree")
  return { leaf, bytes: concat(u64(room.epoch), encodeSecrets(node)) }
}

export const sentUpTo = (room: Room): SentUpTo => ({
  epoch: room.epoch,
  generation: mlsOf(room).secretTree[room.leaf * 2]?.application.generation ?? 0,
})

const VERSION = 1
export const encodeRoom = (room: Room): Uint8Array =>
  concat(Uint8Array.of(VERSION), encodeGroupState(mlsOf(room)))

export function decodeRoom(
  device: Device,
  room: Id,
  generation: number,
  base: Uint8Array,
  deltas: readonly Delta[],
): Room | undefined {
  try {
    if (base[0] !== VERSION) return undefined
    // A copy at offset 0: the library keeps views into what it is given.
    const decoded = decodeGroupState(base.slice(1), 0)
    if (!decoded || decoded[1] !== base.length - 1) return undefined
    const mls: ClientState = { ...decoded[0], clientConfig: config }
    if (!sameBytes(mls.groupContext.groupId, groupId(room, generation))) return undefined
    const place = { house: device.house, room, generation }
    const judged = roomState(place, mls.groupContext, mls.confirmationTag, mls.ratchetTree)
    if (!judged.ok) return undefined
    const own = judged.value.leaves.find((l) => l.leaf === mls.privatePath.leafIndex)
    if (own?.device !== device.device) return undefined
    const secretTree = applyDeltas(mls.secretTree, judged.value.epoch, deltas)
    return secretTree && roomOf(judged.value, { ...mls, secretTree })
  } catch {
    return undefined
  }
}

function applyDeltas(tree: ClientState["secretTree"], epoch: number, deltas: readonly Delta[]) {
  const out = tree.slice()
  for (const { leaf, bytes } of deltas) {
    if (bytes.length < 8 || readU64(bytes, 0) !== epoch || !out[leaf * 2]) return undefined
    const node = decodeSecretTreeNode(bytes, 8)
    if (!node || node[1] !== bytes.length - 8) return undefined
    out[leaf * 2] = node[0]
  }
  return out
}
