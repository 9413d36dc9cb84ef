/** Key logs as an account makes them, with real keys. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { concat } from "./bytes.ts"
import type { Id } from "./ids.ts"
import {
  emptyKeyLog,
  extendKeyLog,
  type KeyLog,
  type KeyLogChange,
  keyLogContent,
  keyLogHash,
  keyLogHeadToSign,
  keyLogToSign,
} from "./key-log.ts"
import type { KeyLogHead } from "./key-log-head.ts"
import { id } from "./samples.fixture.ts"

export type Signer = { readonly publicKey: Uint8Array; readonly sign: (bytes: Uint8Array) => Uint8Array }

const raw = (key: KeyObject) => new Uint8Array(key.export({ type: "spki", format: "der" }).subarray(-32))
export function signer(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519")
  return { publicKey: raw(publicKey), sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)) }
}

export const logHouse = id(0x50)
export const logUser = id(0x60)
export const startOfLog = (user: Id = logUser): KeyLog => emptyKeyLog(logHouse, user)

export const entryOf = (uik: Signer, log: KeyLog, change: KeyLogChange): Uint8Array => {
  const content = keyLogContent(log, change)
  return concat(content, uik.sign(keyLogToSign(content)))
}

/** Entries of these changes, one after another, and what the log then says. */
export function logOf(uik: Signer, changes: readonly KeyLogChange[], from: KeyLog = startOfLog()) {
  let log = from
  const entries: Uint8Array[] = []
  for (const change of changes) {
    const entry = entryOf(uik, log, change)
    const next = extendKeyLog(log, [entry])
    if (!next.ok) throw new Error(`${change.kind}: ${next.error}`)
    log = next.value
    entries.push(entry)
  }
  return { log, entries }
}

export const headOf = (house: Signer, log: KeyLog, incarnation = 1): KeyLogHead => {
  const head = { incarnation, position: log.hashes.length, hash: keyLogHash(log) }
  return { ...head, signature: house.sign(keyLogHeadToSign(log.house, log.user, head)) }
}
