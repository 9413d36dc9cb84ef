/**
 * The model's messages, each a map with its kind in `t`, and the room's public state as the judge's type has it. Keys are
 * derived from what everybody can see: an epoch's "secret" is a hash of its transcript. So whoever has read the same log has
 * the same keys, and whoever has read another one opens nothing, as it is with MLS.
 */
import { type Leaf, leafOf } from "@teahouse/judge/leaf.ts"
import type { JudgeReason } from "@teahouse/judge/reasons.ts"
import type { Place, RoomState } from "@teahouse/judge/state.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { decodePolicy, encodePolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { digest, signatureOf, unpacked } from "./bytes.ts"
import { type ModelLeaf, modelLeafOf, nodeOf } from "./leaf.ts"

export type Commit = {
  readonly t: "commit"
  readonly group: Uint8Array
  readonly epoch: number
  /** Leaf index; -1: from outside. */
  readonly by: number
  readonly adds: readonly Uint8Array[]
  readonly removes: readonly number[]
  readonly policy?: Uint8Array
  readonly path?: ModelLeaf
  /** What the path's ciphertexts hold: members compare it with what follows from their own keys. */
  readonly secrets?: Uint8Array
  readonly data: Uint8Array
  readonly signature: Uint8Array
  readonly tag: Uint8Array
}
export const commitToSign = ({
  signature: _,
  tag: __,
  ...rest
}: Omit<Commit, "signature" | "tag"> & Partial<Commit>) => pack({ ...rest, signed: "commit" })
export const readCommit = (bytes: Uint8Array) => unpacked<Commit>(bytes, "commit")

export type GroupInfo = {
  readonly t: "info"
  readonly group: Uint8Array
  readonly epoch: number
  readonly policy: Uint8Array
  readonly leaves: readonly (ModelLeaf & { readonly leaf: number })[]
  readonly transcript: Uint8Array
  readonly tag: Uint8Array
  readonly externalPub: Uint8Array
  readonly by: number
  readonly signature: Uint8Array
}
const infoToSign = ({ signature: _, ...rest }: Omit<GroupInfo, "signature"> & Partial<GroupInfo>) =>
  pack({ ...rest, signed: "info" })
export const infoSignature = (info: GroupInfo, key: Uint8Array) => signatureOf(key, infoToSign(info))
export const readInfo = (bytes: Uint8Array) => unpacked<GroupInfo>(bytes, "info")

export type Welcome = {
  readonly t: "welcome"
  readonly refs: readonly Uint8Array[]
  readonly transcript: Uint8Array
  readonly tag: Uint8Array
}
export const readWelcome = (bytes: Uint8Array) => unpacked<Welcome>(bytes, "welcome")

export type KeyPackage = ModelLeaf & {
  readonly t: "package"
  readonly init: Uint8Array
  /** Seconds. */
  readonly notBefore: number
  readonly notAfter: number
  readonly signature: Uint8Array
}
export const packageToSign = ({
  signature: _,
  ...rest
}: Omit<KeyPackage, "signature"> & Partial<KeyPackage>) => pack({ ...rest, signed: "package" })
export const readPackage = (bytes: Uint8Array) => unpacked<KeyPackage>(bytes, "package")
export const refOf = (bytes: Uint8Array) => digest("reference", bytes)

/** In the place of MLS's GroupContext. */
type Context = { readonly groupId: Uint8Array; readonly transcript: Uint8Array }
export const contextOf = (state: Pick<RoomState, "groupContext">) => state.groupContext as unknown as Context

export const treeOf = (leaves: readonly (ModelLeaf & { readonly leaf: number })[]): RoomState["tree"] => {
  const tree: unknown[] = []
  for (const one of leaves) tree[one.leaf * 2] = { nodeType: "leaf", leaf: nodeOf(one) }
  return tree as RoomState["tree"]
}
export const leavesOf = ({ tree, leaves }: Pick<RoomState, "tree" | "leaves">) =>
  leaves.map(({ leaf }) => {
    const node = tree[leaf * 2]
    if (node?.nodeType !== "leaf") throw new Error("no such leaf")
    return { leaf, ...modelLeafOf(node.leaf) }
  })

/** Of a state whose parts were judged. */
export function stateOf(
  { house, room, generation }: Place,
  info: Pick<GroupInfo, "epoch" | "policy" | "leaves" | "transcript" | "tag">,
): Result<RoomState, JudgeReason> {
  const policy = decodePolicy(info.policy)
  if (!policy) return err("bad_policy")
  const leaves: Leaf[] = []
  for (const one of info.leaves) {
    const leaf = leafOf(nodeOf(one), one.leaf)
    if (!leaf) return err("bad_certificate")
    leaves.push(leaf)
  }
  const context: Context = { groupId: groupId(room, generation), transcript: info.transcript }
  return ok({
    ...{ house, room, generation, epoch: info.epoch, policy, leaves },
    groupContext: context as never,
    confirmationTag: info.tag,
    tree: treeOf(info.leaves),
    hashes: [],
  })
}

export const secretOf = (state: RoomState) => {
  const { groupId: group, transcript } = contextOf(state)
  return digest("secret", group, state.epoch, transcript)
}
export const externalPubOf = (state: RoomState) => digest("external", secretOf(state))
export const contextHashOf = (state: RoomState) => {
  const { groupId: group, transcript } = contextOf(state)
  return digest("context", group, state.epoch, encodePolicy(state.policy), transcript, pack(leavesOf(state)))
}
/** After this commit. The tag is not in it: it follows from it. */
export const transcriptAfter = (state: RoomState, commit: Commit) =>
  digest("transcript", contextOf(state).transcript, commitToSign(commit), commit.signature)
export const tagOf = (transcript: Uint8Array) => digest("tag", transcript)
/** What an honest path holds. `externalPub`: what a joiner from outside was shown. */
export const secretsOf = (state: RoomState, path: ModelLeaf, externalPub?: Uint8Array) =>
  digest("path", externalPub ?? secretOf(state), path.enc)

export const infoOf = (state: RoomState, by: Leaf): GroupInfo => {
  const info: GroupInfo = {
    t: "info",
    group: contextOf(state).groupId,
    epoch: state.epoch,
    policy: encodePolicy(state.policy),
    leaves: leavesOf(state),
    transcript: contextOf(state).transcript,
    tag: state.confirmationTag,
    externalPub: externalPubOf(state),
    by: by.leaf,
    signature: new Uint8Array(),
  }
  return { ...info, signature: infoSignature(info, by.signatureKey) }
}
