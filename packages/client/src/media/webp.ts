/** WebP (RFC 9649) as a row of RIFF chunks: what the picture needs is kept, EXIF, XMP and everything unknown goes. */
import { joined, latin1, u16le, u24le, u32le } from "./bytes.ts"
import { orientationOf } from "./exif.ts"
import type { PictureFacts } from "./format.ts"

type Chunk = { readonly type: string; readonly from: number; readonly to: number }

const kept = new Set(["VP8 ", "VP8L", "VP8X", "ANIM", "ANMF", "ALPH", "ICCP"])
const [HAS_EXIF, HAS_XMP] = [0x08, 0x04]
const HEAD = 12

function chunksOf(b: Uint8Array): Chunk[] | undefined {
  const end = Math.min(b.length, (u32le(b, 4) ?? 0) + 8)
  const out: Chunk[] = []
  for (let at = HEAD; at + 8 <= end; ) {
    const length = u32le(b, at + 4) ?? 0
    if (at + 8 + length > end) return undefined
    // Chunks are padded to an even length; the last pad is often forgotten.
    const to = Math.min(at + 8 + length + (length % 2), end)
    out.push({ type: latin1(b, at, 4), from: at, to })
    at = to
  }
  return out.some((one) => kept.has(one.type)) ? out : undefined
}

export function webpFacts(b: Uint8Array): PictureFacts | undefined {
  const all = chunksOf(b)
  const first = all?.[0]
  if (!all || !first) return undefined
  const exif = all.find((one) => one.type === "EXIF")
  const size = sizeOf(b, first)
  if (!size) return undefined
  const body = exif && b.subarray(exif.from + 8, exif.to)
  // Some writers put JPEG's prefix before it.
  const tiff = body && latin1(body, 0, 6) === "Exif\0\0" ? body.subarray(6) : body
  const animated = all.some((one) => one.type === "ANIM")
  return { ...size, orientation: tiff ? orientationOf(tiff) : 1, animated }
}

function sizeOf(b: Uint8Array, { type, from }: Chunk) {
  const at = from + 8
  if (type === "VP8X") return { width: (u24le(b, at + 4) ?? 0) + 1, height: (u24le(b, at + 7) ?? 0) + 1 }
  if (type === "VP8 ")
    return { width: (u16le(b, at + 6) ?? 0) & 0x3fff, height: (u16le(b, at + 8) ?? 0) & 0x3fff }
  const bits = u32le(b, at + 1)
  if (type !== "VP8L" || bits === undefined) return undefined
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

export function cleanWebp(b: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const all = chunksOf(b)?.filter((one) => kept.has(one.type))
  if (!all) return undefined
  const parts = all.map(({ type, from, to }) => {
    const part = b.slice(from, to)
    if (type === "VP8X") part[8] = (part[8] ?? 0) & ~(HAS_EXIF | HAS_XMP)
    return (to - from) % 2 === 0 ? part : joined([part, Uint8Array.of(0)])
  })
  const out = joined([b.subarray(0, HEAD), ...parts])
  new DataView(out.buffer).setUint32(4, out.length - 8, true)
  return out
}
