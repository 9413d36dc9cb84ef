/**
 * A member of the model's tree. It is a leaf node of MLS without parents above it, so that the judge's own functions that look
 * at leaves (hashes in notices, identities, roles) run on it as they are.
 */
import { type Leaf, leafOf } from "@teahouse/judge/leaf.ts"
import type { JudgeReason } from "@teahouse/judge/reasons.ts"
import { SUITE } from "@teahouse/judge/suite.ts"
import { sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import {
  certificateToSign,
  decodeCertificate,
  encodeCertificateContent,
} from "@teahouse/protocol/certificate.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { ROOM_POLICY_EXTENSION } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { LeafNode } from "ts-mls/leafNode.js"
import { isSigned } from "./bytes.ts"

/** `enc` is another one after each commit with a path. */
export type ModelLeaf = {
  readonly enc: Uint8Array
  readonly cert: Uint8Array
  readonly key: Uint8Array
}

const none = new Uint8Array()
const capabilities = {
  versions: ["mls10" as const],
  ciphersuites: [SUITE as never],
  extensions: [ROOM_POLICY_EXTENSION],
  proposals: [],
  credentials: ["basic" as const],
}

const KEPT = 5_000
const nodes = new Map<string, LeafNode>()

/** The same object for the same leaf: what is known of it is remembered by it. */
export function nodeOf({ enc, cert, key }: ModelLeaf): LeafNode {
  const name = toBase64url(enc)
  const known = nodes.get(name)
  if (known && known.credential.credentialType === "basic" && sameBytes(known.credential.identity, cert))
    return known
  const node = {
    hpkePublicKey: enc,
    signaturePublicKey: key,
    credential: { credentialType: "basic", identity: cert },
    capabilities,
    leafNodeSource: "commit",
    parentHash: none,
    extensions: [],
    signature: none,
  } as unknown as LeafNode
  if (nodes.size >= KEPT) nodes.clear()
  nodes.set(name, node)
  return node
}

export const modelLeafOf = (node: LeafNode): ModelLeaf => ({
  enc: node.hpkePublicKey,
  cert: node.credential.credentialType === "basic" ? node.credential.identity : none,
  key: node.signaturePublicKey,
})

const verified = new WeakSet<LeafNode>()

export function checkedLeaf(given: ModelLeaf, index: number, house: Id): Result<Leaf, JudgeReason> {
  if (given.enc.length !== 32 || given.key.length !== 32) return err("bad_leaf")
  const node = nodeOf(given)
  const leaf = leafOf(node, index)
  const certificate = leaf && decodeCertificate(given.cert)
  if (!leaf || !certificate) return err("bad_certificate")
  if (certificate.house !== house) return err("wrong_house")
  if (verified.has(node)) return ok(leaf)
  const content = encodeCertificateContent(certificate)
  if (!isSigned(certificate.uik, certificateToSign(content, given.key), certificate.signature))
    return err("bad_certificate")
  verified.add(node)
  return ok(leaf)
}
