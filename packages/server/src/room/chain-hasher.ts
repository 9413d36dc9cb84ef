/**
 * The chain of protocol/chain.ts over raw ids with Node's one-shot SHA-256, writing into one buffer: the writer makes
 * two hashes for every message. `chain-hasher.test.ts` holds it to `nextHash`.
 */
import { hash } from "node:crypto"
import { labels } from "@teahouse/protocol/labels.ts"

export const sha256Node = (bytes: Uint8Array): Buffer => hash("sha256", bytes, "buffer")

export type RawLink = {
  readonly room: Uint8Array
  readonly incarnation: number
  readonly generation: number
  readonly seq: number
  readonly kind: number
  readonly device: Uint8Array
  readonly n: number
  readonly time: number
  readonly body: Uint8Array
}

const start = labels.chain.length
const buffer = new Uint8Array(start + 32 + 16 + 4 + 4 + 8 + 1 + 16 + 8 + 8 + 32)
const view = new DataView(buffer.buffer)
buffer.set(labels.chain)

const putU64 = (at: number, value: number) => {
  view.setUint32(at, Math.floor(value / 0x1_0000_0000))
  view.setUint32(at + 4, value >>> 0)
}

export function linkHash(previous: Uint8Array, link: RawLink): Buffer {
  buffer.set(previous, start)
  buffer.set(link.room, start + 32)
  view.setUint32(start + 48, link.incarnation)
  view.setUint32(start + 52, link.generation)
  putU64(start + 56, link.seq)
  buffer[start + 64] = link.kind
  buffer.set(link.device, start + 65)
  putU64(start + 81, link.n)
  putU64(start + 89, link.time)
  buffer.set(sha256Node(link.body), start + 97)
  return sha256Node(buffer)
}
