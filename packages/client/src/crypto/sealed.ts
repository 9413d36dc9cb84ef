/**
 * AES-256-GCM with a random nonce for whatever is kept: version = 1 ‖ nonce (12) ‖ ciphertext and tag. What a record
 * is and where it belongs is always in the AAD, so that a server or a disk cannot put one in another's place.
 */

import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { concat, u32, u64, utf8 } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { newKey, randomBytes } from "./keys.ts"
import type { AmkKeys, HistoryPlace, NotebookPlace, SealedCrypto } from "./port.ts"

const VERSION = 1
const NONCE = 12
const TAG = 16

const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>()

/** Importing costs as much as sealing a short record; the same array is imported once. */
function importKey(key: Uint8Array): Promise<CryptoKey> {
  if (key.length !== 32) throw new RangeError("an AES-256 key has 32 bytes")
  const known = imported.get(key)
  if (known !== undefined) return known
  const made = crypto.subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ])
  imported.set(key, made)
  return made
}

async function sealWith(key: CryptoKey, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const iv = randomBytes(NONCE)
  const algorithm = {
    name: "AES-GCM",
    iv: iv as Uint8Array<ArrayBuffer>,
    additionalData: aad as Uint8Array<ArrayBuffer>,
  }
  const sealed = await crypto.subtle.encrypt(algorithm, key, plaintext as Uint8Array<ArrayBuffer>)
  return concat(Uint8Array.of(VERSION), iv, new Uint8Array(sealed))
}

async function openWith(
  key: CryptoKey,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, "unreadable">> {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) return err("unreadable")
  const iv = sealed.subarray(1, 1 + NONCE)
  const algorithm = {
    name: "AES-GCM",
    iv: iv as Uint8Array<ArrayBuffer>,
    additionalData: aad as Uint8Array<ArrayBuffer>,
  }
  try {
    return ok(
      new Uint8Array(
        await crypto.subtle.decrypt(algorithm, key, sealed.subarray(1 + NONCE) as Uint8Array<ArrayBuffer>),
      ),
    )
  } catch {
    return err("unreadable")
  }
}

export const seal = async (key: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> =>
  sealWith(await importKey(key), aad, plaintext)
export const open = async (
  key: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, "unreadable">> => openWith(await importKey(key), aad, sealed)

const notebookLabel = label("notebook record")
const profileLabel = label("profile record")
const historyLabel = label("history segment")

const notebookAad = (keys: AmkKeys, at: NotebookPlace) =>
  concat(notebookLabel, idBytes(at.user), at.record, u64(at.version), u32(keys.generation))
const profileAad = (user: Id, version: number) => concat(profileLabel, idBytes(user), u64(version))
const historyAad = (keys: AmkKeys, at: HistoryPlace) =>
  concat(
    historyLabel,
    idBytes(at.user),
    idBytes(at.room),
    u32(at.incarnation),
    u64(at.number),
    u64(at.version),
    u32(keys.generation),
  )

export const sealedCrypto: SealedCrypto = {
  newKey,
  randomBytes,
  seal,
  open,
  sealWith,
  openWith,
  notebookId: async (keys, name) => hmac(sha256, keys.notebookNames, utf8(name)),
  sealNotebook: (keys, at, plaintext) => seal(keys.notebook, notebookAad(keys, at), plaintext),
  openNotebook: (keys, at, sealed) => open(keys.notebook, notebookAad(keys, at), sealed),
  sealProfile: (key, user, version, plaintext) => seal(key, profileAad(user, version), plaintext),
  openProfile: (key, user, version, sealed) => open(key, profileAad(user, version), sealed),
  sealHistory: (keys, at, plaintext) => seal(keys.history, historyAad(keys, at), plaintext),
  openHistory: (keys, at, sealed) => open(keys.history, historyAad(keys, at), sealed),
}
