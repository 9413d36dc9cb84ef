/**
 * Files: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over WebCrypto's AES-256-GCM. A random key for
 * each file gives, by HKDF-SHA-256 with the header as salt, the content key and a nonce prefix of 7 bytes. Each chunk of
 * 256 KiB is sealed on its own, so that any place of a file opens without what is before it:
 *
 *   nonce   prefix (7) ‖ number of the chunk (u32) ‖ 1 for the last chunk, else 0
 *   AAD     the header: version (1) ‖ chunk size (u32) ‖ random id (16)
 *   plain   the file ‖ zeros up to its padded size (padding.ts)
 *
 * A chunk of another place or another file, a missing end, more after the end, a flipped bit: none of them opens. The size of
 * the file and the length of the ciphertext stand in the message and must fit each other before anything is fetched.
 * Rejected: one seal for the whole file (nothing could be read before its end), libsodium's secretstream (no seeking).
 */
import { concat, sameBytes, u32, utf8 } from "@teahouse/protocol/bytes.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { randomBytes } from "./keys.ts"
import { padme } from "./padding.ts"
import type { FileCrypto } from "./port.ts"

export const CHUNK = 256 * 1024
export const TAG = 16
export const SEALED_CHUNK = CHUNK + TAG
const VERSION = 1
const HEADER = 1 + 4 + 16
const PREFIX = 7

const start = concat(Uint8Array.of(VERSION), u32(CHUNK))

/** Chunks of a file of `size` bytes; an empty one has a chunk of padding. */
export const chunksOf = (size: number): number => Math.ceil(padme(size) / CHUNK)
/** Bytes of its ciphertext. */
export const sealedSizeOf = (size: number): number => padme(size) + chunksOf(size) * TAG
/** Plain bytes of its chunk, padding included. */
export const chunkSize = (size: number, number: number): number =>
  Math.min(CHUNK, padme(size) - number * CHUNK)

export const fileCrypto: FileCrypto = {
  newKey: () => ({ key: randomBytes(32), header: concat(start, randomBytes(16)) }),
  async cipher({ key, header }) {
    if (header.length !== HEADER || !sameBytes(header.subarray(0, start.length), start)) return undefined
    const { content, prefix } = await derive(key, header)
    const algorithm = (number: number, last: boolean) => ({
      name: "AES-GCM",
      iv: concat(prefix, u32(number), Uint8Array.of(last ? 1 : 0)) as Uint8Array<ArrayBuffer>,
      additionalData: header as Uint8Array<ArrayBuffer>,
    })
    return {
      async seal(number, last, plain) {
        const bytes = plain as Uint8Array<ArrayBuffer>
        return new Uint8Array(await crypto.subtle.encrypt(algorithm(number, last), content, bytes))
      },
      async open(number, last, sealed) {
        try {
          const bytes = sealed as Uint8Array<ArrayBuffer>
          return ok(new Uint8Array(await crypto.subtle.decrypt(algorithm(number, last), content, bytes)))
        } catch {
          return err("unreadable")
        }
      },
    }
  },
}

async function derive(key: Uint8Array, header: Uint8Array) {
  const base = await crypto.subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, "HKDF", false, [
    "deriveBits",
  ])
  const bits = async (name: string, length: number) => {
    const info = utf8(`teahouse/file ${name}/v1\0`) as Uint8Array<ArrayBuffer>
    const salt = header as Uint8Array<ArrayBuffer>
    return crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, base, length * 8)
  }
  const content = await crypto.subtle.importKey("raw", await bits("key", 32), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ])
  return { content, prefix: new Uint8Array(await bits("nonce", PREFIX)) }
}
