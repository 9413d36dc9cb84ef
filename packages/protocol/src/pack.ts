/**
 * MessagePack, parsed strictly: one value, every byte consumed, bounded in depth and size, no extensions, and a typed
 * outcome instead of an exception. What comes out is plain data for a schema to look at.
 */
import { Decoder, Encoder } from "@msgpack/msgpack"
import { err, ok, type Result } from "./result.ts"

const encoder = new Encoder({ ignoreUndefined: true, maxDepth: 16 })

export function pack(value: unknown): Uint8Array {
  return encoder.encode(value)
}

export type Unpacked = Result<unknown, "malformed" | "too_large">

export function unpack(bytes: Uint8Array, maxBytes: number): Unpacked {
  if (bytes.length > maxBytes) return err("too_large")
  // The library descends without a bound of its own, but a frame cannot nest deeper than its bytes: check first.
  if (!shallow(bytes, 16)) return err("malformed")
  const limit = {
    maxStrLength: maxBytes,
    maxBinLength: maxBytes,
    maxArrayLength: 65_536,
    maxMapLength: 64,
    maxExtLength: 0,
  }
  try {
    return ok(new Decoder(limit).decode(bytes))
  } catch {
    // RangeError: cut short or trailing bytes; DecodeError: a limit; TypeError: not UTF-8. All are the sender's fault.
    return err("malformed")
  }
}

/** Walks the headers only; true if no value nests deeper than `max`. */
function shallow(bytes: Uint8Array, max: number): boolean {
  const open: number[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at < bytes.length) {
    const byte = view.getUint8(at++)
    let skip = 0
    let children = 0
    const size = (width: number): number => {
      if (at + width > bytes.length) return Number.POSITIVE_INFINITY
      const value = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at)
      at += width
      return value
    }
    if (byte <= 0x7f || byte >= 0xe0 || byte === 0xc0 || byte === 0xc2 || byte === 0xc3) skip = 0
    else if (byte <= 0x8f) children = (byte & 15) * 2
    else if (byte <= 0x9f) children = byte & 15
    else if (byte <= 0xbf) skip = byte & 31
    else if (byte === 0xc4 || byte === 0xd9) skip = size(1)
    else if (byte === 0xc5 || byte === 0xda) skip = size(2)
    else if (byte === 0xc6 || byte === 0xdb) skip = size(4)
    else if (byte === 0xcc || byte === 0xd0) skip = 1
    else if (byte === 0xcd || byte === 0xd1) skip = 2
    else if (byte === 0xca || byte === 0xce || byte === 0xd2) skip = 4
    else if (byte === 0xcb || byte === 0xcf || byte === 0xd3) skip = 8
    else if (byte === 0xdc) children = size(2)
    else if (byte === 0xdd) children = size(4)
    else if (byte === 0xde) children = size(2) * 2
    else if (byte === 0xdf) children = size(4) * 2
    else return false
    at += skip
    if (at > bytes.length || children > bytes.length) return false
    if (open.length > 0) open[open.length - 1] = (open[open.length - 1] as number) - 1
    if (children > 0) {
      if (open.length >= max) return false
      open.push(children)
    }
    while (open.length > 0 && open[open.length - 1] === 0) open.pop()
  }
  return true
}
