/**
 * Commits that no client of ours would make, complete and signed: any proposals, any path, any tag. A forger holds its
 * own group state and keys; what it can do with them is what the judge has to withstand.
 */
import { type ClientState, encodeMlsMessage, joinGroupExternal, type Proposal } from "ts-mls"
import { nextEpochContext } from "ts-mls/clientState.js"
import { encode } from "ts-mls/codec/tlsEncoder.js"
import { encryptWithLabel } from "ts-mls/crypto/hpke.js"
import { deriveSecret } from "ts-mls/crypto/kdf.js"
import { createConfirmationTag, createContentCommitSignature } from "ts-mls/framedContent.js"
import { groupContextEncoder } from "ts-mls/groupContext.js"
import { initializeEpoch } from "ts-mls/keySchedule.js"
import { type LeafNode, signLeafNodeCommit } from "ts-mls/leafNode.js"
import { protectPublicMessage } from "ts-mls/messageProtectionPublic.js"
import { calculateParentHash } from "ts-mls/parentHash.js"
import type { ProposalOrRef } from "ts-mls/proposalOrRefType.js"
import { addLeafNode, getHpkePublicKey, type RatchetTree, removeLeafNode } from "ts-mls/ratchetTree.js"
import { treeHashRoot } from "ts-mls/treeHash.js"
import { leafToNodeIndex, toLeafIndex } from "ts-mls/treemath.js"
import { createUpdatePath, type PathSecret, type UpdatePath } from "ts-mls/updatePath.js"
import { readMessage } from "../message.ts"
import { suite } from "../suite.ts"
import { capabilities, credulous, keyPackage, noData, type TestDevice, type View } from "./world.fixture.ts"

export type ForgedPath = { tree: RatchetTree; path: UpdatePath; secrets: PathSecret[]; last: Uint8Array }

/** Applied without a single check. */
export function apply(
  tree: RatchetTree,
  proposals: readonly Proposal[],
): { tree: RatchetTree; added: number[] } {
  const added: number[] = []
  let out = tree
  for (const p of proposals) {
    if (p.proposalType === "remove" && "remove" in p && out[p.remove.removed * 2]) {
      out = removeLeafNode(out, toLeafIndex(p.remove.removed))
    }
  }
  for (const p of proposals) {
    if (p.proposalType !== "add" || !("add" in p)) continue
    const [grown, at] = addLeafNode(out, p.add.keyPackage.leafNode)
    out = grown
    added.push(at)
  }
  return { tree: out, added }
}

/** `leaf` changes what the path's new leaf is made from: credential, keys, capabilities. */
export async function forgePath(
  view: View,
  tree: RatchetTree,
  added: readonly number[] = [],
  leaf: (old: LeafNode) => LeafNode = (old) => old,
  signKey: Uint8Array = view.device.signKey,
): Promise<ForgedPath> {
  const cs = await suite()
  const own = view.mls.privatePath.leafIndex
  const copy = tree.slice()
  const node = copy[own * 2]
  if (node?.nodeType !== "leaf") throw new Error("the forger has no leaf")
  copy[own * 2] = { nodeType: "leaf", leaf: leaf(node.leaf) }
  const exclude = added.map((at) => at as ReturnType<typeof leafToNodeIndex>)
  const made = await createUpdatePath(copy, toLeafIndex(own), view.mls.groupContext, signKey, cs, exclude)
  const [after, path, secrets] = made
  const leafSecret = (made as unknown as Uint8Array[])[4] as Uint8Array
  return { tree: after, path, secrets, last: secrets.at(-1)?.secret ?? leafSecret }
}

/**
 * The same path with another public key at one of its nodes (index counted from the leaf up; the lowest only, so that
 * no other parent hash depends on it), everything else made to fit: parent hash, leaf signature, ciphertexts.
 */
export async function poisonPath(view: View, original: RatchetTree, forged: ForgedPath): Promise<ForgedPath> {
  const cs = await suite()
  const own = toLeafIndex(view.mls.privatePath.leafIndex)
  const lowest = forged.secrets[0]
  const parent = lowest && forged.tree[lowest.nodeIndex]
  if (!lowest || parent?.nodeType !== "parent") throw new Error("no path to poison")
  const other = await cs.hpke.exportPublicKey((await cs.hpke.generateKeyPair()).publicKey)
  const tree = forged.tree.slice()
  tree[lowest.nodeIndex] = { nodeType: "parent", parent: { ...parent.parent, hpkePublicKey: other } }
  const [parentHash] = await calculateParentHash(tree, leafToNodeIndex(own), cs.hash)
  const tbs = { ...forged.path.leafNode, parentHash, groupId: view.mls.groupContext.groupId, leafIndex: own }
  const {
    groupId: _,
    leafIndex: __,
    ...leafNode
  } = (await signLeafNodeCommit(tbs, view.device.signKey, cs.signature)) as typeof forged.path.leafNode & {
    groupId: unknown
    leafIndex: unknown
  }
  tree[leafToNodeIndex(own)] = { nodeType: "leaf", leaf: leafNode }
  const treeHash = await treeHashRoot(tree, cs.hash)
  const context = { ...view.mls.groupContext, treeHash, epoch: view.mls.groupContext.epoch + 1n }
  const nodes = await Promise.all(
    forged.secrets.map(async (s) => {
      const at = tree[s.nodeIndex]
      if (!at) throw new Error("path node is blank")
      const encryptedPathSecret = await Promise.all(
        s.sendTo.map(async (to) => {
          const receiver = original[to]
          if (!receiver) throw new Error("receiver is blank")
          const key = await cs.hpke.importPublicKey(getHpkePublicKey(receiver))
          const info = encode(groupContextEncoder)(context)
          const { ct, enc } = await encryptWithLabel(key, "UpdatePathNode", info, s.secret, cs.hpke)
          return { ciphertext: ct, kemOutput: enc }
        }),
      )
      return { hpkePublicKey: getHpkePublicKey(at), encryptedPathSecret }
    }),
  )
  return { ...forged, tree, path: { leafNode, nodes } }
}

export type Forgery = {
  readonly proposals: readonly Proposal[]
  /** Instead of wrapping `proposals`. */
  readonly refs?: readonly ProposalOrRef[]
  /** Absent: made fresh; null: left out. */
  readonly path?: ForgedPath | null
  readonly data?: Uint8Array
  readonly tag?: Uint8Array
  readonly signKey?: Uint8Array
  readonly mls?: Partial<ClientState["groupContext"]>
}

export async function forge(view: View, f: Forgery) {
  const cs = await suite()
  const { mls } = view
  const context = { ...mls.groupContext, ...f.mls }
  const applied = apply(mls.ratchetTree, f.proposals)
  const made = f.path === undefined ? await forgePath(view, applied.tree, applied.added) : f.path
  const tree = made?.tree ?? applied.tree
  const refs = f.refs ?? f.proposals.map((proposal) => ({ proposalOrRefType: "proposal" as const, proposal }))
  const { signature, framedContent } = await createContentCommitSignature(
    context,
    "mls_public_message",
    { proposals: [...refs], path: made?.path },
    { senderType: "member", leafIndex: mls.privatePath.leafIndex },
    f.data ?? noData(),
    f.signKey ?? view.device.signKey,
    cs.signature,
  )
  const extensions = f.proposals.flatMap((p) =>
    "groupContextExtensions" in p ? [p.groupContextExtensions.extensions] : [],
  )
  const groupContext = await nextEpochContext(
    { ...context, extensions: extensions[0] ?? context.extensions },
    "mls_public_message",
    framedContent,
    signature,
    await treeHashRoot(tree, cs.hash),
    mls.confirmationTag,
    cs.hash,
  )
  const commitSecret = made ? await deriveSecret(made.last, "path", cs.kdf) : new Uint8Array(32)
  const secrets = await initializeEpoch(
    mls.keySchedule.initSecret,
    commitSecret,
    groupContext,
    new Uint8Array(32),
    cs.kdf,
  )
  const confirmationTag =
    f.tag ??
    (await createConfirmationTag(
      secrets.keySchedule.confirmationKey,
      groupContext.confirmedTranscriptHash,
      cs.hash,
    ))
  const publicMessage = await protectPublicMessage(
    mls.keySchedule.membershipKey,
    context,
    {
      wireformat: "mls_public_message",
      content: framedContent,
      auth: { contentType: "commit", signature, confirmationTag },
    },
    cs,
  )
  const next: ClientState = {
    ...mls,
    groupContext,
    ratchetTree: tree,
    confirmationTag,
    keySchedule: secrets.keySchedule,
  }
  const commit = encodeMlsMessage({ version: "mls10", wireformat: "mls_public_message", publicMessage })
  return { commit, next, secrets, pathSecrets: made?.secrets ?? [] }
}

/** Joins by external commit without asking anybody; `replacing` names the device whose leaf it removes. */
export async function barge(
  groupInfo: Uint8Array,
  device: TestDevice,
  replacing?: Uint8Array,
): Promise<Uint8Array> {
  const message = readMessage(groupInfo, "mls_group_info")
  if (!message) throw new Error("not a GroupInfo")
  const kp = await keyPackage(device, capabilities)
  const matches = (_: unknown, leaf: LeafNode) => leaf.signaturePublicKey.toString() === replacing?.toString()
  const config = {
    ...credulous,
    keyPackageEqualityConfig: { ...credulous.keyPackageEqualityConfig, compareKeyPackageToLeafNode: matches },
  }
  const made = await joinGroupExternal(
    message.groupInfo,
    kp.publicPackage,
    kp.privatePackage,
    replacing !== undefined,
    await suite(),
    undefined,
    config,
    noData(),
  )
  return encodeMlsMessage({
    version: "mls10",
    wireformat: "mls_public_message",
    publicMessage: made.publicMessage,
  })
}
