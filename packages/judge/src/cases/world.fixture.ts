/**
 * People, devices and rooms for tests, built straight on the library so that they can also do what no client of ours
 * would. Not used by any program.
 */
import { concat } from "@teahouse/protocol/bytes.ts"
import { certificateToSign, encodeCertificateContent } from "@teahouse/protocol/certificate.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import type { JoinProof } from "@teahouse/protocol/join-proof.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { encodePolicy, ROOM_POLICY_EXTENSION, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import {
  type Capabilities,
  type ClientConfig,
  type ClientState,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  type KeyPackage,
  type PrivateKeyPackage,
  type Proposal,
} from "ts-mls"
import { defaultClientConfig } from "ts-mls/clientConfig.js"
import { constantTimeEqual } from "ts-mls/util/constantTimeCompare.js"
import { openRoomState } from "../open.ts"
import { leafHash, type RoomState } from "../state.ts"
import { SUITE, suite } from "../suite.ts"

export const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
export const id = () => newId(random)
export const house = id()

export type Person = {
  readonly user: Id
  readonly username: string
  readonly uik: Uint8Array
  readonly uikPrivate: Uint8Array
}
export type TestDevice = Person & {
  readonly device: Id
  readonly n: number
  readonly house: Id
  readonly signatureKey: Uint8Array
  readonly signKey: Uint8Array
  readonly certificate: Uint8Array
}

export async function person(username: string, user: Id = id()): Promise<Person> {
  const keys = await (await suite()).signature.keygen()
  return { user, username, uik: keys.publicKey, uikPrivate: keys.signKey }
}

export async function device(
  owner: Person,
  more: Partial<Pick<TestDevice, "device" | "n" | "house" | "signatureKey" | "signKey">> & {
    signer?: Uint8Array
  } = {},
): Promise<TestDevice> {
  const cs = await suite()
  const keys = await cs.signature.keygen()
  const made = {
    ...owner,
    device: more.device ?? id(),
    n: more.n ?? 0,
    house: more.house ?? house,
    signatureKey: more.signatureKey ?? keys.publicKey,
    signKey: more.signKey ?? keys.signKey,
  }
  const content = encodeCertificateContent({
    kind: "person",
    house: made.house,
    user: made.user,
    device: made.device,
    uik: made.uik,
    generation: made.n,
    username: made.username,
  })
  const signature = await cs.signature.sign(
    more.signer ?? owner.uikPrivate,
    certificateToSign(content, made.signatureKey),
  )
  return { ...made, certificate: concat(content, signature) }
}

export const capabilities: Capabilities = {
  versions: ["mls10"],
  ciphersuites: [SUITE],
  extensions: [ROOM_POLICY_EXTENSION],
  proposals: [],
  credentials: ["basic"],
}
export const endless = { notBefore: 0n, notAfter: 4_000_000_000n }

/** Believes everything: a hostile client does not check itself. */
export const credulous: ClientConfig = {
  ...defaultClientConfig,
  authService: { validateCredential: async () => true },
  keyPackageEqualityConfig: {
    compareKeyPackages: () => false,
    compareKeyPackageToLeafNode: (kp, leaf) =>
      constantTimeEqual(kp.leafNode.signaturePublicKey, leaf.signaturePublicKey),
  },
}

export type TestKeyPackage = {
  readonly publicPackage: KeyPackage
  readonly privatePackage: PrivateKeyPackage
}
export const keyPackage = async (
  d: TestDevice,
  caps: Capabilities = capabilities,
  lifetime = endless,
): Promise<TestKeyPackage> =>
  generateKeyPackageWithKey(
    { credentialType: "basic", identity: d.certificate },
    caps,
    lifetime,
    [],
    { signKey: d.signKey, publicKey: d.signatureKey },
    await suite(),
  )

export const policyExtension = (policy: RoomPolicy) => ({
  extensionType: ROOM_POLICY_EXTENSION,
  extensionData: encodePolicy(policy),
})

export const noData = (proofs: Uint8Array[] = []) =>
  encodeCommitData({ seen: { seq: 0, hash: new Uint8Array(32) }, proofs })

export const joinData = (joins: JoinProof[]) =>
  encodeCommitData({ seen: { seq: 0, hash: new Uint8Array(32) }, proofs: [], joins })

/** As a notice names it. */
export function leafHashIn({ mls }: View, leaf: number): Uint8Array {
  const hash = leafHash({ tree: mls.ratchetTree }, leaf)
  if (!hash) throw new Error("no such leaf")
  return hash
}

export async function notice(room: Id, d: TestDevice, change: Change): Promise<Uint8Array> {
  const bytes = encodeChange(change)
  const after = new Uint8Array(32)
  const signature = await (await suite()).signature.sign(d.signKey, noticeToSign(room, after, bytes))
  return encodeNotice(bytes, after, signature)
}

/** Signed by the identity key of `by`. */
export async function revocation(by: Person, lost: Id, user = by.user, at = house): Promise<Uint8Array> {
  const signature = await (await suite()).signature.sign(by.uikPrivate, revocationBytes(at, user, lost))
  return encodeNotice(encodeChange({ kind: "device_revoked", user, device: lost }), random(32), signature)
}

/** One device's view of a room. */
export type View = { readonly device: TestDevice; readonly mls: ClientState }

export async function openRoom(
  creator: TestDevice,
  room: Id,
  policy: RoomPolicy,
  generation = 0,
): Promise<View> {
  const kp = await keyPackage(creator)
  const group = groupId(room, generation)
  const mls = await createGroup(
    group,
    kp.publicPackage,
    kp.privatePackage,
    [policyExtension(policy)],
    await suite(),
    credulous,
  )
  return { device: creator, mls }
}

export const groupInfoOf = async (mls: ClientState): Promise<Uint8Array> =>
  encodeMlsMessage({
    version: "mls10",
    wireformat: "mls_group_info",
    groupInfo: await createGroupInfoWithExternalPubAndRatchetTree(mls, [], await suite()),
  })

export async function commit(mls: ClientState, proposals: Proposal[], data: Uint8Array = noData()) {
  const made = await createCommit(
    { state: mls, cipherSuite: await suite() },
    { wireAsPublicMessage: true, extraProposals: proposals, authenticatedData: data },
  )
  return {
    next: made.newState,
    commit: encodeMlsMessage(made.commit),
    groupInfo: await groupInfoOf(made.newState),
    welcome:
      made.welcome &&
      encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome: made.welcome }),
  }
}

export const add = (kp: TestKeyPackage): Proposal => ({
  proposalType: "add",
  add: { keyPackage: kp.publicPackage },
})
export const remove = (leaf: number): Proposal => ({ proposalType: "remove", remove: { removed: leaf } })
export const setPolicy = (policy: RoomPolicy): Proposal => ({
  proposalType: "group_context_extensions",
  groupContextExtensions: { extensions: [policyExtension(policy)] },
})

export async function judged(mls: ClientState, room: Id, generation = 0): Promise<RoomState> {
  const opened = await openRoomState(await groupInfoOf(mls), { house, room, generation })
  if (!opened.ok) throw new Error(`the test's own room is refused: ${opened.error}`)
  return opened.value
}
