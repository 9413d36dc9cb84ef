/**
 * The primitives of the model (crypto.ts): nothing is hidden and nothing costs anything. A "signature" is a hash of public key
 * and bytes, a "seal" is the plaintext beside a hash of key and place. Who has the wrong key, place or bytes is refused as by
 * real cryptography; that nobody can forge or read is not modelled, and is what ts-mls is for.
 */
import { hash } from "node:crypto"
import { concat, sameBytes, u32 } from "@teahouse/protocol/bytes.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

/** 32 bytes. */
export function digest(...parts: readonly (Uint8Array | string | number)[]): Uint8Array {
  const bytes = parts.map((part) => {
    const own =
      typeof part === "number" ? u32(part) : typeof part === "string" ? Buffer.from(part, "utf8") : part
    return concat(u32(own.length), own)
  })
  return new Uint8Array(hash("sha256", concat(...bytes), "buffer"))
}

export const publicOf = (privateKey: Uint8Array): Uint8Array => digest("public", privateKey)

/** 64 bytes. */
export const signatureOf = (publicKey: Uint8Array, bytes: Uint8Array): Uint8Array => {
  const half = digest("signature", publicKey, bytes)
  return concat(half, half)
}
export const isSigned = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean =>
  sameBytes(signature, signatureOf(publicKey, bytes))

const TAG = 32
export const sealed = (key: Uint8Array, place: Uint8Array, plain: Uint8Array): Uint8Array =>
  concat(digest("sealed", key, place, plain), plain)
export function opened(
  key: Uint8Array,
  place: Uint8Array,
  bytes: Uint8Array,
): Result<Uint8Array, "unreadable"> {
  if (bytes.length < TAG) return err("unreadable")
  const plain = bytes.slice(TAG)
  return sameBytes(digest("sealed", key, place, plain), bytes.subarray(0, TAG))
    ? ok(plain)
    : err("unreadable")
}

const MAX = 4 * 1024 * 1024

/** One canonical encoding for each value, like MLS messages as the judge takes them. undefined: not that. */
export function unpacked<T>(bytes: Uint8Array, kind: string): T | undefined {
  const value = unpack(bytes, MAX)
  if (!value.ok || typeof value.value !== "object" || value.value === null) return undefined
  if ((value.value as { t?: unknown }).t !== kind) return undefined
  return sameBytes(pack(value.value), bytes) ? (value.value as T) : undefined
}
