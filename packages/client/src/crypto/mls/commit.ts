/**
 * Making a commit: compute, judge our own work as everybody else will, hand over what to post and the state to adopt if
 * it is accepted. Travels as PublicMessage, so that the server can judge it too.
 */
import { judgeCommit } from "@teahouse/judge/commit.ts"
import { checkKeyPackage } from "@teahouse/judge/key-package.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { leafOfDevice } from "@teahouse/judge/state.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type ClientState, createCommit, encodeMlsMessage, type KeyPackage, type Proposal } from "ts-mls"
import type { CommitBundle, MakeCommit, ProcessError, Room } from "../port.ts"
import { suite } from "../suite.ts"
import { changeOf } from "./change.ts"
import { groupInfoOf, policyExtension } from "./create.ts"
import { mlsOf, roomOf } from "./state.ts"

export async function commit(room: Room, what: MakeCommit): Promise<Result<CommitBundle, ProcessError>> {
  const proposals = await proposalsFor(room, what)
  if (!proposals.ok) return err({ kind: "refused", reason: proposals.error })
  const made = await create(mlsOf(room), proposals.value, what)
  if (!made) return err({ kind: "unprocessable" })
  const bytes = encodeMlsMessage(made.commit)
  const { readmitted } = what
  const judged = await judgeCommit(room.judged, bytes, readmitted ? { readmitted } : {})
  if (!judged.ok) return err({ kind: "refused", reason: judged.error })
  const { welcome, newState } = made
  return ok({
    commit: bytes,
    groupInfo: await groupInfoOf(newState),
    welcome: welcome && encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome }),
    welcomes: judged.value.welcomes,
    next: roomOf(judged.value.next, newState),
    change: changeOf(judged.value),
  })
}

async function proposalsFor(room: Room, what: MakeCommit) {
  const proposals: Proposal[] = []
  for (const device of what.remove ?? []) {
    const leaf = leafOfDevice(room.judged, device)
    if (!leaf || leaf.leaf === room.leaf) return err("bad_remove" as const)
    proposals.push({ proposalType: "remove", remove: { removed: leaf.leaf } })
  }
  const keyPackages: KeyPackage[] = []
  for (const bytes of what.add ?? []) {
    const message = readMessage(bytes, "mls_key_package")
    if (!message) return err("malformed" as const)
    // Checked here as well as by the judge below, because the library only throws.
    const leaf = await checkKeyPackage(message.keyPackage, 0, room.judged.house)
    if (!leaf.ok) return leaf
    keyPackages.push(message.keyPackage)
  }
  proposals.push(...keyPackages.map((keyPackage): Proposal => ({ proposalType: "add", add: { keyPackage } })))
  if (what.policy) {
    const extensions = [policyExtension(what.policy)]
    proposals.push({ proposalType: "group_context_extensions", groupContextExtensions: { extensions } })
  }
  return ok(proposals)
}

async function create(mls: ClientState, extraProposals: Proposal[], what: MakeCommit) {
  const state = what.certificate ? withCertificate(mls, what.certificate) : mls
  try {
    return await createCommit(
      { state, cipherSuite: await suite() },
      { wireAsPublicMessage: true, extraProposals, authenticatedData: what.data },
    )
  } catch {
    // A key package whose lifetime is over, a device that is in the group already: the caller looks again.
    return undefined
  }
}

/** The library renews the committer's leaf from the one in the tree, so that is where the new certificate goes. */
function withCertificate(mls: ClientState, identity: Uint8Array): ClientState {
  const at = mls.privatePath.leafIndex * 2
  const own = mls.ratchetTree[at]
  if (own?.nodeType !== "leaf") throw new Error("own leaf is missing")
  const ratchetTree = mls.ratchetTree.slice()
  ratchetTree[at] = { ...own, leaf: { ...own.leaf, credential: { credentialType: "basic", identity } } }
  return { ...mls, ratchetTree }
}
