/**
 * What the judge knows of a room at one epoch: all of it public to the server. A state is immutable and comes from
 * `openRoomState` (open.ts), from a verdict (commit.ts) or, unverified, from one's own store (`roomState` here).
 */
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodePolicy, ROOM_POLICY_EXTENSION, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Extension } from "ts-mls"
import type { GroupContext } from "ts-mls/groupContext.js"
import type { RatchetTree } from "ts-mls/ratchetTree.js"
import { type Leaf, leafOf } from "./leaf.ts"
import type { JudgeReason } from "./reasons.ts"
import { hashTree, nodeBytes, type TreeHashes } from "./tree.ts"

export type { Leaf }

export type RoomState = {
  readonly house: Id
  readonly room: Id
  readonly generation: number
  readonly epoch: number
  readonly policy: RoomPolicy
  /** The roster, by leaf index, ascending. */
  readonly leaves: readonly Leaf[]
  readonly groupContext: GroupContext
  readonly confirmationTag: Uint8Array
  readonly tree: RatchetTree
  /** Tree hash of every subtree: what makes judging a commit cheap. */
  readonly hashes: TreeHashes
}

export const leafAt = (state: RoomState, index: number): Leaf | undefined =>
  state.leaves.find((l) => l.leaf === index)
export const leafOfDevice = (state: RoomState, device: Id): Leaf | undefined =>
  state.leaves.find((l) => l.device === device)
export const usersOf = (leaves: readonly Leaf[]): Set<Id> => new Set(leaves.map((l) => l.user))

/**
 * What a notice names a leaf by (protocol/notice.ts). It is another one after each path of the device and after coming
 * back; only with a last-resort key package that is used twice does it come back itself, so the server asks for more
 * (removals that rest on a notice need a device that it has marked as leaving).
 */
export function leafHash({ tree }: Pick<RoomState, "tree">, leaf: number): Uint8Array | undefined {
  const node = tree[leaf * 2]
  // Without the node type, which `nodeBytes` has in front.
  return node && sha256(nodeBytes(node).subarray(1))
}

/** The extension list of a GroupContext is exactly our policy: nothing else may ride along unjudged. */
export function policyOf(extensions: readonly Extension[]): RoomPolicy | undefined {
  const [only, ...more] = extensions
  if (!only || more.length > 0 || only.extensionType !== ROOM_POLICY_EXTENSION) return undefined
  return decodePolicy(only.extensionData)
}

export type Place = { readonly house: Id; readonly room: Id; readonly generation: number }

/**
 * Reads a state whose parts were judged before they were stored: no signature is checked, and only form can fail. For
 * anything that somebody else hands over use `openRoomState`.
 */
export function roomState(
  place: Place,
  groupContext: GroupContext,
  confirmationTag: Uint8Array,
  tree: RatchetTree,
  previous?: RoomState,
): Result<RoomState, JudgeReason> {
  const policy = policyOf(groupContext.extensions)
  if (!policy) return err("bad_policy")
  const leaves: Leaf[] = []
  for (let i = 0; i < tree.length; i += 2) {
    const node = tree[i]
    if (node?.nodeType !== "leaf") continue
    const leaf = leafOf(node.leaf, i / 2)
    if (!leaf) return err("bad_certificate")
    leaves.push(leaf)
  }
  const epoch = Number(groupContext.epoch)
  const hashes = hashTree(tree, previous)
  return ok({ ...place, epoch, policy, leaves, groupContext, confirmationTag, tree, hashes })
}
