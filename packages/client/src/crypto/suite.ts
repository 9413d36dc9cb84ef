/**
 * The cipher suite 0x0001 as the client uses it. HMAC, HKDF, SHA-256 and short AES-GCM are synchronous (@noble, the same
 * that the library would load): sealing one message makes about ten such calls on a few hundred bytes, and the round trips
 * to WebCrypto cost more than the work. X25519 and Ed25519 stay with WebCrypto, which is faster there.
 *
 * Verified signatures are remembered, bounded, by what was verified: joining judges a tree and then lets the library
 * validate the same tree again.
 */
import { gcm } from "@noble/ciphers/aes.js"
import { expand, extract } from "@noble/hashes/hkdf.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { SUITE } from "@teahouse/judge/suite.ts"
import { concat, toBase64url } from "@teahouse/protocol/bytes.ts"
import { type CiphersuiteImpl, getCiphersuiteFromName, getCiphersuiteImpl } from "ts-mls"
import { constantTimeEqual } from "ts-mls/util/constantTimeCompare.js"
import "./patched.ts"

/** Above this WebCrypto's own AES is worth its round trip. */
const SHORT = 4096
const REMEMBERED = 10_000

let impl: Promise<CiphersuiteImpl> | undefined

export function suite(): Promise<CiphersuiteImpl> {
  impl ??= make()
  return impl
}

async function make(): Promise<CiphersuiteImpl> {
  const base = await getCiphersuiteImpl(getCiphersuiteFromName(SUITE))
  const mac = async (key: Uint8Array, data: Uint8Array) => hmac(sha256, key, data)
  return {
    ...base,
    hash: {
      digest: async (data) => sha256(data),
      mac,
      verifyMac: async (key, tag, data) => constantTimeEqual(tag, await mac(key, data)),
    },
    kdf: {
      size: 32,
      extract: async (salt, ikm) => extract(sha256, ikm, salt),
      expand: async (prk, info, length) => expand(sha256, prk, info, length),
    },
    hpke: {
      ...base.hpke,
      encryptAead: async (key, nonce, aad, plaintext) =>
        plaintext.length > SHORT
          ? base.hpke.encryptAead(key, nonce, aad, plaintext)
          : gcm(key, nonce, aad ?? new Uint8Array()).encrypt(plaintext),
      decryptAead: async (key, nonce, aad, ciphertext) =>
        ciphertext.length > SHORT
          ? base.hpke.decryptAead(key, nonce, aad, ciphertext)
          : gcm(key, nonce, aad ?? new Uint8Array()).decrypt(ciphertext),
    },
    signature: { ...base.signature, verify: remembering(base.signature.verify) },
  }
}

type Verify = CiphersuiteImpl["signature"]["verify"]

function remembering(verify: Verify): Verify {
  const good = new Set<string>()
  return async (publicKey, message, signature) => {
    if (publicKey.length !== 32 || signature.length !== 64) return false
    const key = toBase64url(sha256(concat(publicKey, signature, message)))
    if (good.has(key)) return true
    if (!(await verify(publicKey, message, signature).catch(() => false))) return false
    const oldest = good.size >= REMEMBERED ? good.values().next().value : undefined
    if (oldest !== undefined) good.delete(oldest)
    good.add(key)
    return true
  }
}
