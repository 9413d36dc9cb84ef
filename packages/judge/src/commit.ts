/**
 * Is this commit valid? (SECURITY R4.) One pure function, the same for the server that accepts and the client that
 * processes: no clock, no network, no pins, no database, no secrets. It needs the public state of the epoch before and the
 * commit, and gives the public state after: tree, tree hash, confirmed transcript hash.
 *
 * What it cannot see, and who does: the membership tag, the confirmation tag's value, whether a path's ciphertexts hold
 * the right secrets, and whether external_pub belongs to the epoch need the group's secrets; a client checks them in the
 * library (P9 for path keys) and answers with a rejoin (R3).
 *
 * Order: form → sender and signature → proposals and leaves → path → identities → roles. The first fault is the answer.
 * Cost: signatures of what is new, certificates not seen before, 2·log₂(n) hashes; the rest of the tree is not touched.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type CommitData, decodeCommitData } from "@teahouse/protocol/commit-data.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Extension } from "ts-mls"
import { nextEpochContext } from "ts-mls/clientState.js"
import { verifyFramedContentSignature } from "ts-mls/framedContent.js"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import { type LeafNode, verifyLeafNodeSignature } from "ts-mls/leafNode.js"
import { addLeafNode, type RatchetTree, removeLeafNode } from "ts-mls/ratchetTree.js"
import { toLeafIndex } from "ts-mls/treemath.js"
import type { UpdatePath } from "ts-mls/updatePath.js"
import { hasDuplicates, identityFault } from "./identity.ts"
import { type Joined, judgeJoins } from "./joins.ts"
import { checkKeyPackage } from "./key-package.ts"
import { checkLeaf, sameIdentity } from "./leaf.ts"
import { type MessageOf, readMessage } from "./message.ts"
import { type Proposals, readProposals } from "./proposals.ts"
import type { JudgeReason } from "./reasons.ts"
import { judgeMovement } from "./roles.ts"
import { type Leaf, leafAt, policyOf, type RoomState } from "./state.ts"
import { suite } from "./suite.ts"
import { encryptionKey, hashTree, hexKey, isX25519, mergePath, rootHash, type TreeHashes } from "./tree.ts"

/** What a valid commit leads to. */
export type Advance = {
  readonly next: RoomState
  /** The committer, as it is after the commit. */
  readonly by: Leaf
  readonly external: boolean
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
  /** Those of `removed` for which the committer needed a signed notice. */
  readonly proven: readonly Leaf[]
  /** Those of `added` whom a link lets in: house and committer look at its expiry. */
  readonly joined: readonly Joined[]
  readonly policyChanged: boolean
  readonly data: CommitData
  /** The commit's authenticated data as it came. */
  readonly dataBytes: Uint8Array
  /** Who needs a Welcome, with the reference of the key package that was used. */
  readonly welcomes: readonly { readonly user: Id; readonly device: Id; readonly keyPackageRef: Uint8Array }[]
}

type Refused = Result<never, JudgeReason>

export type Posted = {
  /** The session's device, where the commit comes from one; a log entry names it too. */
  readonly device?: Id
  /** Who was in the room's last generation: in the first commit of the next they do not count as new (generation.ts). */
  readonly readmitted?: ReadonlySet<Id>
}

export async function judgeCommit(
  state: RoomState,
  commitBytes: Uint8Array,
  posted: Posted = {},
): Promise<Result<Advance, JudgeReason>> {
  const message = readMessage(commitBytes, "mls_public_message")
  if (!message) return err("malformed")
  const read = readCommit(state, message)
  if (!read.ok) return read
  const { commit, content, auth, external, path } = read.value

  const sender = content.sender.senderType === "member" ? leafAt(state, content.sender.leafIndex) : undefined
  const signatureKey = external ? path?.leafNode.signaturePublicKey : sender?.signatureKey
  if (!signatureKey || (!external && !sender)) return err("wrong_sender")
  const cs = await suite()
  const signed = await verifyFramedContentSignature(
    signatureKey,
    "mls_public_message",
    content,
    auth,
    state.groupContext,
    cs.signature,
  )
  if (!signed) return err("bad_signature")
  const data = decodeCommitData(content.authenticatedData)
  if (!data) return err("bad_data")

  const proposals = readProposals(commit, external)
  if (!proposals.ok) return proposals
  if (proposals.value.needsPath && !path) return err("path_required")
  const policy = readPolicy(proposals.value.extensions)
  if (!policy.ok) return policy

  const proposed = await applyProposals(state, proposals.value, sender)
  if (!proposed.ok) return proposed
  const merged = await applyPath(state, proposed.value, sender, path)
  if (!merged.ok) return merged
  const { tree, hashes, leaves, by } = merged.value
  if (posted.device !== undefined && posted.device !== by.device) return err("wrong_sender")

  const added = external ? [by] : proposed.value.added
  const fault = checkRoster(leaves, tree, new Set([by.leaf, ...added.map((l) => l.leaf)]))
  if (fault) return err(fault)
  const { removed } = proposed.value
  const welcomes = await welcomesFor(proposals.value, proposed.value.added)
  const packages = proposed.value.added.map((leaf, i) => ({
    leaf,
    keyPackageRef: welcomes[i]?.keyPackageRef ?? new Uint8Array(),
  }))
  // An external commit adds nobody but its maker, so that no request can hold in it.
  const joined = await judgeJoins(state, by.user, packages, data.joins ?? [])
  if (!joined.ok) return joined
  const move = {
    by,
    external,
    added,
    removed,
    after: leaves,
    policy: policy.value?.policy,
    proofs: data.proofs,
    joined: joined.value,
    ...(posted.readmitted ? { readmitted: posted.readmitted } : {}),
  }
  const moved = await judgeMovement(state, move)
  if (!moved.ok) return moved

  const { extensions } = policy.value ?? state.groupContext
  const context = { ...state.groupContext, extensions: [...extensions] }
  const { signature, confirmationTag } = auth
  const groupContext = await nextEpochContext(
    context,
    "mls_public_message",
    content,
    signature,
    rootHash(tree, hashes),
    state.confirmationTag,
    cs.hash,
  )
  const epoch = state.epoch + 1
  const nextPolicy = policy.value?.policy ?? state.policy
  const next: RoomState = {
    ...state,
    epoch,
    policy: nextPolicy,
    leaves,
    groupContext,
    confirmationTag,
    tree,
    hashes,
  }
  return ok({
    next,
    by,
    external,
    added,
    removed,
    proven: moved.value.proven,
    joined: joined.value,
    policyChanged: policy.value !== undefined,
    data,
    dataBytes: content.authenticatedData,
    welcomes,
  })
}

function readCommit(state: RoomState, message: MessageOf<"mls_public_message">) {
  const { content, auth } = message.publicMessage
  if (message.version !== "mls10") return err("wrong_suite") satisfies Refused
  if (content.contentType !== "commit" || auth.contentType !== "commit")
    return err("malformed") satisfies Refused
  if (!sameBytes(content.groupId, state.groupContext.groupId)) return err("wrong_group") satisfies Refused
  if (content.epoch !== state.groupContext.epoch) return err("wrong_epoch") satisfies Refused
  const { senderType } = content.sender
  if (senderType !== "member" && senderType !== "new_member_commit")
    return err("wrong_sender") satisfies Refused
  if (auth.confirmationTag.length !== 32) return err("malformed") satisfies Refused
  const { commit } = content
  return ok({ commit, content, auth, external: senderType === "new_member_commit", path: commit.path })
}

function readPolicy(
  extensions: readonly Extension[] | undefined,
): Result<{ policy: RoomPolicy; extensions: readonly Extension[] } | undefined, JudgeReason> {
  if (!extensions) return ok(undefined)
  const policy = policyOf(extensions)
  return policy ? ok({ policy, extensions }) : err("bad_policy")
}

type Proposed = {
  readonly tree: RatchetTree
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
}

async function applyProposals(
  state: RoomState,
  { adds, removes }: Proposals,
  sender: Leaf | undefined,
): Promise<Result<Proposed, JudgeReason>> {
  let tree = state.tree
  const removed: Leaf[] = []
  for (const index of removes) {
    const leaf = leafAt(state, index)
    if (!leaf || index === sender?.leaf) return err("bad_remove")
    tree = removeLeafNode(tree, toLeafIndex(index))
    removed.push(leaf)
  }
  if (state.leaves.length - removed.length + adds.length > limits.roomDevices) return err("room_full")
  const added: Leaf[] = []
  for (const keyPackage of adds) {
    const [grown, at] = addLeafNode(tree, keyPackage.leafNode)
    const leaf = await checkKeyPackage(keyPackage, at / 2, state.house)
    if (!leaf.ok) return leaf
    tree = grown
    added.push(leaf.value)
  }
  return ok({ tree, added, removed })
}

type Merged = { tree: RatchetTree; hashes: TreeHashes; leaves: Leaf[]; by: Leaf }

async function applyPath(
  state: RoomState,
  proposed: Proposed,
  sender: Leaf | undefined,
  path: UpdatePath | undefined,
): Promise<Result<Merged, JudgeReason>> {
  const gone = new Set(proposed.removed.map((l) => l.leaf))
  const roster = (own: Leaf) =>
    [...state.leaves.filter((l) => !gone.has(l.leaf) && l.leaf !== own.leaf), ...proposed.added, own].sort(
      (a, b) => a.leaf - b.leaf,
    )
  if (!path) {
    if (!sender) return err("path_required")
    const hashes = hashTree(proposed.tree, state)
    return ok({ tree: proposed.tree, hashes, leaves: roster(sender), by: sender })
  }
  let base = proposed.tree
  let index = sender?.leaf
  if (index === undefined) {
    const [grown, at] = addLeafNode(base, path.leafNode)
    base = grown
    index = at / 2
  }
  const by = await checkPathLeaf(state, path.leafNode, index, sender)
  if (!by.ok) return by
  if (path.nodes.some((n) => !isX25519(n.hpkePublicKey))) return err("bad_path")
  const newLeaves = new Set(proposed.added.map((l) => l.leaf * 2))
  const tree = mergePath(base, hashTree(base, state), index, path.leafNode, path.nodes, newLeaves)
  if (!tree) return err("bad_path")
  // Keys must be new even against those that the path replaces (RFC 9420 section 12.4.2).
  const fresh = new Set([path.leafNode.hpkePublicKey, ...path.nodes.map((n) => n.hpkePublicKey)].map(hexKey))
  if (base.some((n, at) => n && at !== freshLeafNode(sender, index) && fresh.has(hexKey(encryptionKey(n))))) {
    return err("key_reuse")
  }
  const leaves = roster(by.value)
  if (leaves.length > limits.roomDevices) return err("room_full")
  return ok({ tree, hashes: hashTree(tree, state), leaves, by: by.value })
}

/** In an external commit the joiner's leaf is in `base` already, with the key that the path brings. */
const freshLeafNode = (sender: Leaf | undefined, index: number): number => (sender ? -1 : index * 2)

async function checkPathLeaf(
  state: RoomState,
  node: LeafNode,
  index: number,
  sender: Leaf | undefined,
): Promise<Result<Leaf, JudgeReason>> {
  if (node.leafNodeSource !== "commit") return err("bad_leaf")
  const leaf = await checkLeaf(node, index, state.house)
  if (!leaf.ok) return leaf
  const { signature } = await suite()
  if (!(await verifyLeafNodeSignature(node, state.groupContext.groupId, index, signature)))
    return err("bad_leaf")
  if (!sender) return leaf
  if (!sameIdentity(sender, leaf.value)) return err("renamed_committer")
  return leaf.value.n < sender.n ? err("stale_certificate") : leaf
}

function checkRoster(
  leaves: readonly Leaf[],
  tree: RatchetTree,
  fresh: ReadonlySet<number>,
): JudgeReason | undefined {
  const fault = identityFault(leaves, fresh)
  if (fault) return fault
  if (hasDuplicates(leaves.map((l) => hexKey(l.signatureKey)))) return "key_reuse"
  const keys = tree.flatMap((n) => (n ? [hexKey(encryptionKey(n))] : []))
  return hasDuplicates(keys) ? "key_reuse" : undefined
}

async function welcomesFor({ adds }: Proposals, added: readonly Leaf[]): Promise<Advance["welcomes"]> {
  const { hash } = await suite()
  return Promise.all(
    added.map(async ({ user, device }, i) => ({
      user,
      device,
      keyPackageRef: await makeKeyPackageRef(adds[i] as (typeof adds)[number], hash),
    })),
  )
}
