/** Raw keys: 32-byte seeds and scalars everywhere, so that nothing depends on one library's container format. */
import { ed25519, x25519 } from "@noble/curves/ed25519.js"
import { expand, extract } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { concat } from "@teahouse/protocol/bytes.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import type { KeyPair } from "./port.ts"
import { suite } from "./suite.ts"

export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
export const newKey = (): Uint8Array => randomBytes(32)

export const ed25519From = (seed: Uint8Array): KeyPair => ({
  privateKey: seed,
  publicKey: ed25519.getPublicKey(seed),
})
export const x25519From = (scalar: Uint8Array): KeyPair => ({
  privateKey: scalar,
  publicKey: x25519.getPublicKey(scalar),
})
export const newEd25519 = (): KeyPair => ed25519From(newKey())
export const newX25519 = (): KeyPair => x25519From(newKey())

export const sign = async (privateKey: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> =>
  (await suite()).signature.sign(privateKey, bytes)
export const verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  verifyEd25519(publicKey, signature, bytes)

/** HKDF-SHA-256 (RFC 5869) with our label, then whatever else the key is bound to, as info. */
export const derive = (secret: Uint8Array, name: string, context: Uint8Array, length = 32): Uint8Array =>
  expand(sha256, extract(sha256, secret), concat(label(name), context), length)
