/**
 * The part of an MLS PrivateMessage that is not encrypted (RFC 9420 section 6.3), read without the library: it is all
 * that a server needs for a message, and it needs it for every message.
 *
 *   version u16 = 1 · wire_format u16 = 2 · group_id<V> · epoch u64 · content_type u8 · authenticated_data<V> ·
 *   encrypted_sender_data<V> · ciphertext<V>, and nothing after.
 */
import { readU64 } from "./bytes.ts"

export type MessageHeader = {
  readonly groupId: Uint8Array
  readonly epoch: number
  readonly authenticatedData: Uint8Array
}

const APPLICATION = 1

/** undefined unless the bytes are exactly one PrivateMessage with application content. */
export function readMessageHeader(bytes: Uint8Array): MessageHeader | undefined {
  if (bytes.length < 16 || bytes[0] !== 0 || bytes[1] !== 1 || bytes[2] !== 0 || bytes[3] !== 2)
    return undefined
  const group = vector(bytes, 4)
  if (!group || group.end + 9 > bytes.length) return undefined
  const epoch = readU64(bytes, group.end)
  if (epoch === undefined || bytes[group.end + 8] !== APPLICATION) return undefined
  const data = vector(bytes, group.end + 9)
  const sender = data && vector(bytes, data.end)
  const ciphertext = sender && vector(bytes, sender.end)
  if (!ciphertext || ciphertext.end !== bytes.length) return undefined
  return {
    groupId: bytes.subarray(group.start, group.end),
    epoch,
    authenticatedData: bytes.subarray(data.start, data.end),
  }
}

/** A variable-size vector (RFC 9420 section 2.1.2): minimal lengths of 1, 2 or 4 bytes. */
function vector(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  const width = 1 << (first >> 6)
  if (width === 8 || at + width > bytes.length) return undefined
  let length = first & 0x3f
  for (let i = 1; i < width; i++) length = length * 256 + (bytes[at + i] as number)
  if (width > 1 && length < (width === 2 ? 0x40 : 0x4000)) return undefined
  const start = at + width
  return start + length <= bytes.length ? { start, end: start + length } : undefined
}
