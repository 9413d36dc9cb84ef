/**
 * Key packages (RFC 9420 section 10.1). `checkKeyPackage` is the part that belongs to a commit's validity and knows no
 * clock; `judgeKeyPackage` is what server and adder ask besides, with their own clock: whose it is and whether it is
 * within its lifetime. Lifetimes are never checked by those who receive a commit, or members would disagree.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { KeyPackage } from "ts-mls"
import { makeKeyPackageRef, verifyKeyPackage } from "ts-mls/keyPackage.js"
import { verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js"
import { checkLeaf } from "./leaf.ts"
import { readMessage } from "./message.ts"
import type { JudgeReason } from "./reasons.ts"
import type { Leaf } from "./state.ts"
import { SUITE, suite } from "./suite.ts"
import { isX25519 } from "./tree.ts"

export async function checkKeyPackage(
  kp: KeyPackage,
  index: number,
  house: Id,
): Promise<Result<Leaf, JudgeReason>> {
  if (kp.version !== "mls10" || kp.cipherSuite !== SUITE) return err("wrong_suite")
  const { leafNode } = kp
  const wellFormed =
    kp.extensions.length === 0 &&
    leafNode.leafNodeSource === "key_package" &&
    leafNode.lifetime.notBefore < leafNode.lifetime.notAfter &&
    isX25519(kp.initKey) &&
    !sameBytes(kp.initKey, leafNode.hpkePublicKey)
  if (!wellFormed) return err("bad_key_package")
  const leaf = await checkLeaf(leafNode, index, house)
  if (!leaf.ok) return leaf
  const { signature } = await suite()
  const good =
    (await verifyLeafNodeSignatureKeyPackage(leafNode, signature)) && (await verifyKeyPackage(kp, signature))
  return good ? leaf : err("bad_key_package")
}

export type KeyPackageExpectation = {
  readonly house: Id
  readonly user: Id
  readonly device?: Id
  /** The device's key, where the caller knows it already. */
  readonly signatureKey?: Uint8Array
  /** ms UTC */
  readonly now: number
}

export type JudgedKeyPackage = {
  readonly ref: Uint8Array
  readonly leaf: Leaf
  /** ms UTC */
  readonly notBefore: number
  readonly notAfter: number
}

/** One day for clocks that differ. */
const TOLERANCE_S = 86_400

/** `bytes`: MLSMessage mls_key_package. */
export async function judgeKeyPackage(
  bytes: Uint8Array,
  expect: KeyPackageExpectation,
): Promise<Result<JudgedKeyPackage, JudgeReason>> {
  if (bytes.length > limits.keyPackageBytes) return err("malformed")
  const message = readMessage(bytes, "mls_key_package")
  if (!message) return err("malformed")
  const kp = message.keyPackage
  const checked = await checkKeyPackage(kp, 0, expect.house)
  if (!checked.ok) return checked
  const leaf = checked.value
  const theirs =
    leaf.user === expect.user &&
    (expect.device === undefined || leaf.device === expect.device) &&
    (expect.signatureKey === undefined || sameBytes(leaf.signatureKey, expect.signatureKey))
  if (!theirs) return err("wrong_sender")
  if (kp.leafNode.leafNodeSource !== "key_package") return err("bad_key_package")
  const { notBefore, notAfter } = kp.leafNode.lifetime
  const now = BigInt(Math.floor(expect.now / 1000))
  const longest = BigInt(limits.lastResortLifetime + 2 * TOLERANCE_S)
  if (notBefore > now || notAfter < now || notAfter - notBefore > longest) return err("lifetime")
  const ref = await makeKeyPackageRef(kp, (await suite()).hash)
  return ok({ ref, leaf, notBefore: Number(notBefore) * 1000, notAfter: Number(notAfter) * 1000 })
}
