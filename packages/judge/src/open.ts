/**
 * A room's state from a GroupInfo that somebody hands over: the opening of a generation (epoch 0, the creator alone), or
 * the stored one that a joiner gets. Everything about it is checked, as if nobody had ever looked before (RFC 9420
 * section 12.4.3.1): 500 leaves take about a second; a server that reads back what it has judged uses `trusted`.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, type Result } from "@teahouse/protocol/result.ts"
import type { GroupInfo } from "ts-mls/groupInfo.js"
import { verifyGroupInfoSignature } from "ts-mls/groupInfo.js"
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js"
import { verifyParentHashes } from "ts-mls/parentHash.js"
import { decodeRatchetTree, type RatchetTree } from "ts-mls/ratchetTree.js"
import { directPath, isLeaf, leafToNodeIndex, leafWidth, toLeafIndex, toNodeIndex } from "ts-mls/treemath.js"
import { readExtensions } from "./group-info.ts"
import { hasDuplicates, identityFault } from "./identity.ts"
import { checkLeaf } from "./leaf.ts"
import { readMessage } from "./message.ts"
import type { JudgeReason } from "./reasons.ts"
import { leafAt, type Place, type RoomState, roomState, usersOf } from "./state.ts"
import { SUITE, suite } from "./suite.ts"
import { encodeTree, encryptionKey, hexKey, isX25519, rootHash } from "./tree.ts"

export type OpenOptions = {
  /** It opens a generation: epoch 0, one leaf, empty transcript; of a room's first the creator is the owner. */
  readonly opening?: boolean
  /** It comes from one's own storage and was judged before it got there: read form only. */
  readonly trusted?: boolean
}

export async function openRoomState(
  groupInfoBytes: Uint8Array,
  place: Place,
  options: OpenOptions = {},
): Promise<Result<RoomState, JudgeReason>> {
  const message = readMessage(groupInfoBytes, "mls_group_info")
  if (!message) return err("malformed")
  const { groupInfo } = message
  const { groupContext, confirmationTag } = groupInfo
  if (groupContext.version !== "mls10" || groupContext.cipherSuite !== SUITE) return err("wrong_suite")
  if (!sameBytes(groupContext.groupId, groupId(place.room, place.generation))) return err("wrong_group")
  if (groupContext.epoch > BigInt(Number.MAX_SAFE_INTEGER)) return err("wrong_epoch")
  if (confirmationTag.length !== 32) return err("malformed")
  const extensions = readExtensions(groupInfo.extensions)
  if (!extensions.ok) return extensions
  const tree = readTree(extensions.value.tree)
  if (!tree) return err("bad_tree")
  const { house, room, generation } = place
  const state = roomState({ house, room, generation }, groupContext, confirmationTag, tree)
  if (!state.ok || options.trusted) return state
  const fault =
    (options.opening ? openingFault(state.value) : undefined) ??
    (await treeFault(state.value)) ??
    rosterFault(state.value) ??
    (await signatureFault(state.value, groupInfo))
  return fault ? err(fault) : state
}

function readTree(bytes: Uint8Array): RatchetTree | undefined {
  try {
    const decoded = decodeRatchetTree(bytes, 0)
    return decoded && sameBytes(encodeTree(decoded[0]), bytes) ? decoded[0] : undefined
  } catch {
    return undefined
  }
}

function openingFault(state: RoomState): JudgeReason | undefined {
  const { epoch, generation, leaves, policy, groupContext } = state
  const [creator, ...more] = leaves
  if (!creator || more.length > 0 || creator.leaf !== 0) return "not_an_opening"
  if (epoch !== 0 || groupContext.confirmedTranscriptHash.length !== 0) return "not_an_opening"
  // A later generation keeps the roles that there are (generation.ts).
  const first = generation === 0 && policy.kind === "group"
  if (first && (policy.owner !== creator.user || policy.admins.length > 0)) return "bad_policy"
  return undefined
}

async function treeFault({ house, tree, hashes, groupContext }: RoomState): Promise<JudgeReason | undefined> {
  const cs = await suite()
  if (!sameBytes(rootHash(tree, hashes), groupContext.treeHash)) return "bad_tree"
  for (const [i, node] of tree.entries()) {
    if (!node) continue
    if (isLeaf(toNodeIndex(i)) !== (node.nodeType === "leaf")) return "bad_tree"
    if (node.nodeType === "parent") {
      if (!isX25519(node.parent.hpkePublicKey)) return "key_reuse"
      if (!unmergedFits(tree, i, node.parent.unmergedLeaves)) return "bad_tree"
      continue
    }
    const leaf = await checkLeaf(node.leaf, i / 2, house)
    if (!leaf.ok) return leaf.error
    const { leafNodeSource } = node.leaf
    if (leafNodeSource === "update") return "bad_leaf"
    const signed =
      leafNodeSource === "key_package"
        ? await verifyLeafNodeSignatureKeyPackage(node.leaf, cs.signature)
        : await verifyLeafNodeSignature(node.leaf, groupContext.groupId, i / 2, cs.signature)
    if (!signed) return "bad_leaf"
  }
  try {
    return (await verifyParentHashes(tree, cs.hash)) ? undefined : "bad_tree"
  } catch {
    return "bad_tree"
  }
}

/** RFC 9420 section 12.4.3.1: each is a non-blank leaf below, listed by every non-blank node in between; in order. */
function unmergedFits(tree: RatchetTree, at: number, unmerged: readonly number[]): boolean {
  return unmerged.every((leaf, i) => {
    const previous = unmerged[i - 1]
    if (previous !== undefined && previous >= leaf) return false
    const index = leafToNodeIndex(toLeafIndex(leaf))
    if (index >= tree.length || tree[index]?.nodeType !== "leaf") return false
    const path = directPath(index, leafWidth(tree.length))
    const above = path.indexOf(toNodeIndex(at))
    if (above < 0) return false
    return path.slice(0, above).every((between) => {
      const node = tree[between]
      return !node || (node.nodeType === "parent" && node.parent.unmergedLeaves.includes(leaf))
    })
  })
}

function rosterFault({ leaves, tree, policy }: RoomState): JudgeReason | undefined {
  if (leaves.length > limits.roomDevices) return "room_full"
  const identity = identityFault(leaves, new Set())
  if (identity) return identity
  if (hasDuplicates(leaves.map((l) => hexKey(l.signatureKey)))) return "key_reuse"
  if (hasDuplicates(tree.flatMap((n) => (n ? [hexKey(encryptionKey(n))] : [])))) return "key_reuse"
  if (policy.kind === "group") return undefined
  return [...usersOf(leaves)].every((user) => policy.users.includes(user)) ? undefined : "not_in_room"
}

async function signatureFault(state: RoomState, groupInfo: GroupInfo): Promise<JudgeReason | undefined> {
  const signer = leafAt(state, groupInfo.signer)
  if (!signer) return "wrong_signer"
  const { signature } = await suite()
  const good = await verifyGroupInfoSignature(groupInfo, signer.signatureKey, signature)
  return good ? undefined : "bad_signature"
}
