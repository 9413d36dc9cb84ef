/**
 * What a house received, from the bytes that clients sent it: request heads and bodies, and WebSocket frames with their mask
 * taken off (RFC 6455 section 5.3). It understands what browsers send and refuses the rest, so that nothing hides from
 * the search by not being understood.
 */
import { concat } from "@teahouse/protocol/bytes.ts"

export type Received = {
  readonly heads: string[]
  readonly bodies: Uint8Array[]
  readonly frames: Uint8Array[]
}

/** One connection's bytes, in order. A last request or frame that was cut off is kept as far as it came. */
export function readConnection(chunks: readonly Uint8Array[]): Received {
  const bytes = concat(...chunks)
  const out: Received = { heads: [], bodies: [], frames: [] }
  let at = 0
  while (at < bytes.length) {
    const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("\r\n\r\n", at)
    const head = new TextDecoder().decode(bytes.subarray(at, end < 0 ? bytes.length : end))
    out.heads.push(head)
    if (end < 0) break
    at = end + 4
    if (/^transfer-encoding:/im.test(head) || /^content-encoding:/im.test(head))
      throw new Error(`an encoded body: ${head}`)
    if (/^upgrade: *websocket/im.test(head)) {
      readFrames(bytes.subarray(at), out.frames)
      break
    }
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (length > 0) out.bodies.push(bytes.subarray(at, at + length))
    at += length
  }
  return out
}

function readFrames(bytes: Uint8Array, out: Uint8Array[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  while (at + 2 <= bytes.length) {
    const [first, second] = [view.getUint8(at), view.getUint8(at + 1)]
    if ((first & 0x70) !== 0) throw new Error("a compressed frame")
    if ((second & 0x80) === 0) throw new Error("a frame of a client without a mask")
    let length = second & 0x7f
    at += 2
    if (length === 126) {
      length = view.getUint16(at)
      at += 2
    } else if (length === 127) {
      length = Number(view.getBigUint64(at))
      at += 8
    }
    const mask = bytes.subarray(at, at + 4)
    at += 4
    out.push(bytes.slice(at, at + length).map((byte, i) => byte ^ (mask[i & 3] ?? 0)))
    at += length
  }
}
