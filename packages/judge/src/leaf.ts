/**
 * Leaf nodes (RFC 9420 section 7.2) and the certificates in them (SECURITY R1): what a leaf must look like, and whose
 * it is. A verified certificate is remembered, bounded, by what was verified, never by whose it claims to be: asking
 * again could only give the same answer.
 */
import { concat, sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import { type AccountKind, type Certificate, decodeCertificate } from "@teahouse/protocol/certificate.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { ROOM_POLICY_EXTENSION } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import type { LeafNode } from "ts-mls/leafNode.js"
import type { JudgeReason } from "./reasons.ts"
import { SUITE } from "./suite.ts"
import { isX25519 } from "./tree.ts"

/** One device in a room. */
export type Leaf = {
  /** Leaf index; stable while the device stays, given to somebody else after it. */
  readonly leaf: number
  readonly user: Id
  readonly device: Id
  /** Account identity key, Ed25519, 32 bytes. */
  readonly uik: Uint8Array
  /** Account generation of its certificate. */
  readonly n: number
  readonly username: string
  readonly kind: AccountKind
  /** The device's Ed25519 key, 32 bytes. */
  readonly signatureKey: Uint8Array
}

const certificates = new WeakMap<LeafNode, Certificate>()

/** Decodes, does not verify. */
export function certificateOf(node: LeafNode): Certificate | undefined {
  const known = certificates.get(node)
  if (known) return known
  if (node.credential.credentialType !== "basic") return undefined
  const certificate = decodeCertificate(node.credential.identity)
  if (certificate) certificates.set(node, certificate)
  return certificate
}

export function leafOf(node: LeafNode, index: number): Leaf | undefined {
  const c = certificateOf(node)
  if (!c) return undefined
  const { user, device, uik, username, kind } = c
  return {
    leaf: index,
    user,
    device,
    uik,
    n: c.generation,
    username,
    kind,
    signatureKey: node.signaturePublicKey,
  }
}

const VERIFIED_MAX = 20_000
const verified = new Set<string>()

async function holds(
  certificate: Certificate,
  identity: Uint8Array,
  signatureKey: Uint8Array,
): Promise<boolean> {
  const key = toBase64url(sha256(concat(signatureKey, identity)))
  if (verified.has(key)) return true
  if (!(await verifyCertificate(certificate, signatureKey))) return false
  const oldest = verified.size >= VERIFIED_MAX ? verified.values().next().value : undefined
  if (oldest !== undefined) verified.delete(oldest)
  verified.add(key)
  return true
}

/** For the library's authentication service: the certificate's binding to the key, and nothing else. */
export async function checkCertificate(
  credential: LeafNode["credential"],
  signatureKey: Uint8Array,
): Promise<boolean> {
  if (credential.credentialType !== "basic") return false
  const certificate = decodeCertificate(credential.identity)
  return certificate !== undefined && holds(certificate, credential.identity, signatureKey)
}

/** Everything about one leaf node but its own signature and its neighbours. */
export async function checkLeaf(
  node: LeafNode,
  index: number,
  house: Id,
): Promise<Result<Leaf, JudgeReason>> {
  const c = node.capabilities
  const capable =
    c.versions.includes("mls10") &&
    c.ciphersuites.includes(SUITE) &&
    c.credentials.includes("basic") &&
    c.extensions.includes(ROOM_POLICY_EXTENSION)
  if (!capable || node.extensions.length > 0) return err("bad_leaf")
  if (node.signaturePublicKey.length !== 32 || !isX25519(node.hpkePublicKey)) return err("bad_leaf")
  if (node.credential.credentialType !== "basic") return err("bad_certificate")
  const certificate = certificateOf(node)
  const leaf = leafOf(node, index)
  if (!certificate || !leaf) return err("bad_certificate")
  if (certificate.house !== house) return err("wrong_house")
  const good = await holds(certificate, node.credential.identity, node.signaturePublicKey)
  return good ? ok(leaf) : err("bad_certificate")
}

/** The same device under the same keys; only the account generation may differ. */
export const sameIdentity = (a: Leaf, b: Leaf): boolean =>
  a.user === b.user &&
  a.device === b.device &&
  a.username === b.username &&
  a.kind === b.kind &&
  sameBytes(a.uik, b.uik) &&
  sameBytes(a.signatureKey, b.signatureKey)
