/**
 * HPKE (RFC 9180, base mode: DHKEM(X25519), HKDF-SHA-256, AES-128-GCM) to a public key, with our label as `info`.
 * Wire: encapsulated key (32) ‖ ciphertext. It says nothing about who sealed: bind or sign that elsewhere.
 */
import { isX25519 } from "@teahouse/judge/tree.ts"
import { concat } from "@teahouse/protocol/bytes.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { suite } from "./suite.ts"

const ENC = 32

/** undefined where the key is not a usable X25519 key. */
export async function hpkeSeal(
  publicKey: Uint8Array,
  name: string,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (!isX25519(publicKey)) return undefined
  const { hpke } = await suite()
  const { enc, ct } = await hpke.seal(await hpke.importPublicKey(publicKey), plaintext, label(name), aad)
  return concat(enc, ct)
}

export async function hpkeOpen(
  privateKey: Uint8Array,
  name: string,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, "unreadable">> {
  const { hpke } = await suite()
  try {
    const key = await hpke.importPrivateKey(privateKey)
    return ok(await hpke.open(key, sealed.subarray(0, ENC), sealed.subarray(ENC), label(name), aad))
  } catch {
    return err("unreadable")
  }
}
