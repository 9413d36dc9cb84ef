/**
 * The judge of the model's messages. Form, signatures and keys are checked here as packages/judge/src/commit.ts, open.ts and
 * group-info.ts check MLS's, in the same order and with the same reasons; identities, joins and roles by the judge's own files.
 */
import type { Advance, Posted } from "@teahouse/judge/commit.ts"
import { judgeGeneration } from "@teahouse/judge/generation.ts"
import { hasDuplicates, identityFault } from "@teahouse/judge/identity.ts"
import { judgeJoins } from "@teahouse/judge/joins.ts"
import type { Judge } from "@teahouse/judge/judge.ts"
import { sameIdentity } from "@teahouse/judge/leaf.ts"
import type { JudgeReason } from "@teahouse/judge/reasons.ts"
import { judgeMovement } from "@teahouse/judge/roles.ts"
import { type Leaf, leafAt, type RoomState, usersOf } from "@teahouse/judge/state.ts"
import { sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import { decodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { decodePolicy, encodePolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { isSigned } from "./bytes.ts"
import { checkedLeaf, type ModelLeaf } from "./leaf.ts"
import {
  type Commit,
  commitToSign,
  contextHashOf,
  contextOf,
  infoSignature,
  leavesOf,
  packageToSign,
  readCommit,
  readInfo,
  readPackage,
  readWelcome,
  refOf,
  stateOf,
  tagOf,
  transcriptAfter,
  treeOf,
} from "./wire.ts"

const keysOf = (leaves: readonly ModelLeaf[]) => leaves.map(({ enc }) => toBase64url(enc))

function rosterFault(leaves: readonly Leaf[], keys: readonly string[], fresh: ReadonlySet<number>) {
  const identity = identityFault(leaves, fresh)
  if (identity) return identity
  if (hasDuplicates(leaves.map(({ signatureKey }) => toBase64url(signatureKey)))) return "key_reuse" as const
  return hasDuplicates(keys) ? ("key_reuse" as const) : undefined
}

const open: Judge["open"] = async (bytes, place, options = {}) => {
  const info = readInfo(bytes)
  if (!info) return err("malformed")
  if (!sameBytes(info.group, groupId(place.room, place.generation))) return err("wrong_group")
  if (info.tag.length !== 32) return err("malformed")
  if (info.externalPub.length !== 32) return err("no_external_pub")
  const { house, room, generation } = place
  const state = stateOf({ house, room, generation }, info)
  if (!state.ok || options.trusted) return state
  const { leaves, policy, epoch } = state.value
  if (options.opening) {
    const [creator, ...more] = leaves
    if (!creator || more.length > 0 || creator.leaf !== 0) return err("not_an_opening")
    if (epoch !== 0 || info.transcript.length !== 0) return err("not_an_opening")
    const first = generation === 0 && policy.kind === "group"
    if (first && (policy.owner !== creator.user || policy.admins.length > 0)) return err("bad_policy")
  }
  for (const one of info.leaves) {
    const leaf = checkedLeaf(one, one.leaf, house)
    if (!leaf.ok) return leaf
  }
  if (leaves.length > limits.roomDevices) return err("room_full")
  const fault = rosterFault(leaves, keysOf(info.leaves), new Set())
  if (fault) return err(fault)
  if (policy.kind !== "group" && ![...usersOf(leaves)].every((user) => policy.users.includes(user)))
    return err("not_in_room")
  const signer = leafAt(state.value, info.by)
  if (!signer) return err("wrong_signer")
  return sameBytes(info.signature, infoSignature(info, signer.signatureKey)) ? state : err("bad_signature")
}

/** As it belongs to a commit's validity, without a clock. */
export function checkPackage(bytes: Uint8Array, index: number, house: RoomState["house"]) {
  const read = readPackage(bytes)
  if (!read) return err("malformed" as const)
  if (read.notBefore >= read.notAfter || read.init.length !== 32) return err("bad_key_package" as const)
  const leaf = checkedLeaf(read, index, house)
  if (!leaf.ok) return leaf
  if (!isSigned(read.key, packageToSign(read), read.signature)) return err("bad_key_package" as const)
  return ok({ leaf: leaf.value, read })
}

const commit: Judge["commit"] = async (state, bytes, posted = {}) => {
  const made = readCommit(bytes)
  if (!made) return err("malformed")
  if (!sameBytes(made.group, contextOf(state).groupId)) return err("wrong_group")
  if (made.epoch !== state.epoch) return err("wrong_epoch")
  if (made.tag.length !== 32) return err("malformed")
  return judgeRead(state, made, posted)
}

async function judgeRead(
  state: RoomState,
  made: Commit,
  posted: Posted,
): Promise<Result<Advance, JudgeReason>> {
  const external = made.by === -1
  const sender = external ? undefined : leafAt(state, made.by)
  const signatureKey = external ? made.path?.key : sender?.signatureKey
  if (!signatureKey || (!external && !sender)) return err("wrong_sender")
  if (!isSigned(signatureKey, commitToSign(made), made.signature)) return err("bad_signature")
  const data = decodeCommitData(made.data)
  if (!data) return err("bad_data")

  if (external && (made.adds.length > 0 || made.policy)) return err("proposal_type")
  if (external && made.removes.length > 1) return err("external_forbidden")
  if (made.adds.length > limits.addsPerCommit) return err("too_many_adds")
  if (new Set(made.removes).size !== made.removes.length) return err("bad_remove")
  const onlyAdds = made.adds.length > 0 && made.removes.length === 0 && !made.policy
  if (!onlyAdds && !made.path) return err("path_required")
  const policy = made.policy && decodePolicy(made.policy)
  if (made.policy && !policy) return err("bad_policy")

  const nodes = new Map(leavesOf(state).map((one) => [one.leaf, one]))
  const roster = new Map(state.leaves.map((one) => [one.leaf, one]))
  const before = new Set(keysOf([...nodes.values()]))
  const removed: Leaf[] = []
  for (const index of made.removes) {
    const leaf = roster.get(index)
    if (!leaf || index === sender?.leaf) return err("bad_remove")
    nodes.delete(index)
    roster.delete(index)
    removed.push(leaf)
  }
  if (state.leaves.length - removed.length + made.adds.length > limits.roomDevices) return err("room_full")
  const free = () => {
    let at = 0
    while (nodes.has(at)) at++
    return at
  }
  const welcomes: Advance["welcomes"][number][] = []
  const came: Leaf[] = []
  for (const keyPackage of made.adds) {
    const at = free()
    const checked = checkPackage(keyPackage, at, state.house)
    if (!checked.ok) return checked
    const { leaf, read } = checked.value
    nodes.set(at, { leaf: at, enc: read.enc, cert: read.cert, key: read.key })
    roster.set(at, leaf)
    came.push(leaf)
    welcomes.push({ user: leaf.user, device: leaf.device, keyPackageRef: refOf(keyPackage) })
  }
  let by = sender
  if (made.path) {
    const index = sender?.leaf ?? free()
    const checked = checkedLeaf(made.path, index, state.house)
    if (!checked.ok) return checked
    if (sender && !sameIdentity(sender, checked.value)) return err("renamed_committer")
    if (sender && checked.value.n < sender.n) return err("stale_certificate")
    if (!made.secrets) return err("bad_path")
    if (before.has(toBase64url(made.path.enc))) return err("key_reuse")
    by = checked.value
    nodes.set(index, { leaf: index, ...made.path })
    roster.set(index, by)
  }
  if (!by) return err("path_required")
  const byIndex = (a: { leaf: number }, b: { leaf: number }) => a.leaf - b.leaf
  const leaves = [...roster.values()].sort(byIndex)
  const tree = [...nodes.values()].sort(byIndex)
  if (leaves.length > limits.roomDevices) return err("room_full")
  if (posted.device !== undefined && posted.device !== by.device) return err("wrong_sender")

  const added = external ? [by] : came
  const fault = rosterFault(leaves, keysOf(tree), new Set([by.leaf, ...added.map((one) => one.leaf)]))
  if (fault) return err(fault)
  const packages = came.map((leaf, i) => ({
    leaf,
    keyPackageRef: welcomes[i]?.keyPackageRef ?? new Uint8Array(),
  }))
  const joined = await judgeJoins(state, by.user, packages, data.joins ?? [])
  if (!joined.ok) return joined
  const moved = await judgeMovement(state, {
    ...{ by, external, added, removed, after: leaves, policy, proofs: data.proofs, joined: joined.value },
    ...(posted.readmitted ? { readmitted: posted.readmitted } : {}),
  })
  if (!moved.ok) return moved

  const transcript = transcriptAfter(state, made)
  const next: RoomState = {
    ...state,
    epoch: state.epoch + 1,
    policy: policy ?? state.policy,
    leaves,
    groupContext: { groupId: contextOf(state).groupId, transcript } as never,
    confirmationTag: made.tag,
    tree: treeOf(tree),
  }
  return ok({
    ...{ next, by, external, added, removed, proven: moved.value.proven, joined: joined.value },
    policyChanged: policy !== undefined,
    ...{ data, dataBytes: made.data, welcomes },
  })
}

const groupInfo: Judge["groupInfo"] = async ({ next, by }, bytes) => {
  const info = readInfo(bytes)
  if (!info) return err("malformed")
  const same =
    sameBytes(info.group, contextOf(next).groupId) &&
    info.epoch === next.epoch &&
    sameBytes(info.policy, encodePolicy(next.policy)) &&
    sameBytes(info.transcript, contextOf(next).transcript)
  if (!same) return err("context_differs")
  if (!sameBytes(info.tag, next.confirmationTag)) return err("tag_differs")
  if (info.externalPub.length !== 32) return err("no_external_pub")
  if (!sameBytes(pack(info.leaves), pack(leavesOf(next)))) return err("tree_differs")
  const signer = leafAt(next, info.by)
  if (!signer || signer.leaf !== by.leaf) return err("wrong_signer")
  return sameBytes(info.signature, infoSignature(info, signer.signatureKey))
    ? ok({ externalPub: info.externalPub })
    : err("bad_signature")
}

const welcome: Judge["welcome"] = ({ welcomes }, bytes) => {
  if (welcomes.length === 0) return bytes === undefined ? ok(undefined) : err("welcome_differs")
  const read = bytes && readWelcome(bytes)
  if (!read) return err("welcome_differs")
  const named = (ref: Uint8Array) => read.refs.filter((one) => sameBytes(one, ref)).length === 1
  const exact =
    read.refs.length === welcomes.length && welcomes.every(({ keyPackageRef }) => named(keyPackageRef))
  return exact ? ok(undefined) : err("welcome_differs")
}

const DAY_S = 86_400
const keyPackage: Judge["keyPackage"] = async (bytes, expect) => {
  if (bytes.length > limits.keyPackageBytes) return err("malformed")
  const checked = checkPackage(bytes, 0, expect.house)
  if (!checked.ok) return checked
  const { leaf, read } = checked.value
  const theirs =
    leaf.user === expect.user &&
    (expect.device === undefined || leaf.device === expect.device) &&
    (expect.signatureKey === undefined || sameBytes(leaf.signatureKey, expect.signatureKey))
  if (!theirs) return err("wrong_sender")
  const now = Math.floor(expect.now / 1000)
  const { notBefore, notAfter } = read
  if (notBefore > now || notAfter < now || notAfter - notBefore > limits.lastResortLifetime + 2 * DAY_S)
    return err("lifetime")
  return ok({ ref: refOf(bytes), leaf, notBefore: notBefore * 1000, notAfter: notAfter * 1000 })
}

const attestedBy: Judge["attestedBy"] = (state, bytes) => {
  const info = readInfo(bytes)
  if (info?.externalPub.length !== 32) return undefined
  const context = contextHashOf(state as RoomState)
  return { context, confirmationTag: state.confirmationTag, externalPub: info.externalPub }
}

export const modelJudge: Judge = {
  ...{ open, commit, groupInfo, welcome, keyPackage, attestedBy },
  generation: (agreed, place, parts, posted) =>
    judgeGeneration(agreed, place, parts, posted, { open, commit, groupInfo, welcome }),
}

/** The tag is honest: what only a member can tell. */
export const tagFits = (advance: Advance): boolean =>
  sameBytes(advance.next.confirmationTag, tagOf(contextOf(advance.next).transcript))
