/**
 * PNG (W3C, third edition) as a row of chunks. Kept is what the picture's own pixels and colours need; text, EXIF, time and
 * whatever is private goes, and so does what lies behind IEND (a cropped screenshot may have its uncropped rest there).
 */
import { joined, latin1, u32 } from "./bytes.ts"
import { orientationOf } from "./exif.ts"
import type { PictureFacts } from "./format.ts"

type Chunk = { readonly type: string; readonly from: number; readonly to: number }

const kept = new Set(
  "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split(" "),
)
const HEAD = 8

function chunksOf(b: Uint8Array): Chunk[] | undefined {
  const out: Chunk[] = []
  let at = HEAD
  while (at < b.length) {
    const length = u32(b, at)
    if (length === undefined || at + 12 + length > b.length) return undefined
    const type = latin1(b, at + 4, 4)
    const to = at + 12 + length
    out.push({ type, from: at, to })
    if (type === "IEND") return out[0]?.type === "IHDR" ? out : undefined
    at = to
  }
  return undefined
}

export function pngFacts(b: Uint8Array): PictureFacts | undefined {
  const all = chunksOf(b)
  if (!all) return undefined
  const exif = all.find((one) => one.type === "eXIf")
  return {
    width: u32(b, HEAD + 8) ?? 0,
    height: u32(b, HEAD + 12) ?? 0,
    orientation: exif ? orientationOf(b.subarray(exif.from + 8, exif.to - 4)) : 1,
    animated: all.some((one) => one.type === "acTL"),
  }
}

export function cleanPng(b: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const all = chunksOf(b)?.filter((one) => kept.has(one.type))
  return all && joined([b.subarray(0, HEAD), ...all.map((one) => b.subarray(one.from, one.to))])
}
