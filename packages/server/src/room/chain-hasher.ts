/**
 * The chain of protocol/chain.ts over raw ids with Node's one-shot SHA-256, writing into one buffer: the writer makes
 * one for every message, for which others bring the body's. `chain-hasher.test.ts` holds it to `nextHash`.
 */
import { hash } from "node:crypto"
import { labels } from "@teahouse/protocol/labels.ts"

/**
 * One-shot SHA-256. As text first: making a Buffer for each result costs three times as much as the hash itself.
 */
export function sha256Node(bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(32)
  out.write(hash("sha256", bytes, "latin1"), 0, "latin1")
  return out
}

export type RawLink = {
  room: Uint8Array
  incarnation: number
  generation: number
  seq: number
  kind: number
  device: Uint8Array
  n: number
  time: number
  /** 32 bytes. */
  bodyHash: Uint8Array
}

const start = labels.chain.length
const buffer = Buffer.alloc(start + 32 + 16 + 4 + 4 + 8 + 1 + 16 + 8 + 8 + 32)
buffer.set(labels.chain)

const putU64 = (at: number, value: number) => {
  buffer.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at)
  buffer.writeUInt32BE(value >>> 0, at + 4)
}

/** Writes the 32 bytes of the chain's next hash into `target`. */
export function linkHashInto(
  target: Buffer,
  at: number,
  previous: Uint8Array,
  link: Readonly<RawLink>,
): void {
  buffer.set(previous, start)
  buffer.set(link.room, start + 32)
  buffer.writeUInt32BE(link.incarnation, start + 48)
  buffer.writeUInt32BE(link.generation, start + 52)
  putU64(start + 56, link.seq)
  buffer[start + 64] = link.kind
  buffer.set(link.device, start + 65)
  putU64(start + 81, link.n)
  putU64(start + 89, link.time)
  buffer.set(link.bodyHash, start + 97)
  target.write(hash("sha256", buffer, "latin1"), at, "latin1")
}

export function linkHash(previous: Uint8Array, link: Readonly<RawLink>): Buffer {
  const out = Buffer.allocUnsafe(32)
  linkHashInto(out, 0, previous, link)
  return out
}
