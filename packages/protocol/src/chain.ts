/**
 * A room's hash chain: h = SHA-256(label ‖ h₋₁ ‖ room ‖ incarnation ‖ generation ‖ seq ‖ kind ‖ device ‖ n ‖ time ‖
 * SHA-256(body)), h₀ = 32 zero bytes. It hashes the body's hash, so a recalled body can go while the chain stays valid.
 * Numbers: incarnation and generation u32, kind u8, the others u64, all big-endian.
 */
import type { EntryKind } from "./entry.ts"
import { type Sha256, sha256 } from "./hash.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"

export const CHAIN_START: Uint8Array = new Uint8Array(32)

export type Link = {
  readonly room: Id
  readonly incarnation: number
  readonly generation: number
  readonly seq: number
  readonly kind: EntryKind
  readonly device: Id
  readonly n: number
  readonly time: number
  readonly bodyHash: Uint8Array
}

const LENGTH = labels.chain.length + 32 + 16 + 4 + 4 + 8 + 1 + 16 + 8 + 8 + 32

/** `hash` may be a faster SHA-256 (the server's); the answer is the same. */
export function nextHash(previous: Uint8Array, link: Link, hash: Sha256 = sha256): Uint8Array {
  const bytes = new Uint8Array(LENGTH)
  const view = new DataView(bytes.buffer)
  let at = 0
  const put = (part: Uint8Array) => {
    bytes.set(part, at)
    at += part.length
  }
  const putU32 = (value: number) => {
    view.setUint32(at, value)
    at += 4
  }
  const putU64 = (value: number) => {
    view.setUint32(at, Math.floor(value / 0x1_0000_0000))
    view.setUint32(at + 4, value >>> 0)
    at += 8
  }
  put(labels.chain)
  put(previous)
  put(idBytes(link.room))
  putU32(link.incarnation)
  putU32(link.generation)
  putU64(link.seq)
  bytes[at++] = link.kind
  put(idBytes(link.device))
  putU64(link.n)
  putU64(link.time)
  put(link.bodyHash)
  return hash(bytes)
}
