/**
 * A sticker (表情) as content: a small still picture inside the message itself. What it is and how large, its own bytes say:
 * nothing beside them could lie. Whoever draws it decodes at most 240 × 240 pixels, because everything else is no content.
 *
 * Rejected: a file with a word that it is a sticker. It would wait for an upload while what was written after it goes ahead,
 * count in the sender's space each time it is sent, be fetched by everybody one by one, and what stands under its address
 * could be any picture of any size.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { raw } from "@teahouse/protocol/fields.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"
import { core, expires } from "./core.ts"
import { reply } from "./text.ts"

/** Pixels of its longer side. */
export const STICKER_SIDE = 240
export const STICKER_BYTES = 40_000
/** The whole message as text; a screen says it in its own language. */
export const STICKER_TEXT = "[Sticker]"

export const stickerPicture = raw(1, STICKER_BYTES)

export const sticker = z.object({
  ...core,
  kind: z.literal("sticker"),
  picture: stickerPicture,
  reply: z.optional(reply),
  forwarded: z.optional(z.literal(true)),
  expires,
})

export type StickerLook = {
  readonly type: "image/webp" | "image/png"
  readonly width: number
  readonly height: number
}

/** The same picture is the same sticker, wherever it came from. */
export const stickerId = (picture: Uint8Array): Id => toBase64url(sha256(picture).subarray(0, 16)) as Id

/** undefined: not one still picture and nothing else, as WebP (RFC 9649) or PNG, or too large. */
export function stickerLook(picture: Uint8Array): StickerLook | undefined {
  if (picture.length > STICKER_BYTES) return undefined
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength)
  const webp = webpSize(picture, view)
  const size = webp ?? pngSize(picture, view)
  if (!size || size.width < 1 || size.height < 1) return undefined
  if (Math.max(size.width, size.height) > STICKER_SIDE) return undefined
  return { type: webp ? "image/webp" : "image/png", ...size }
}

type Size = { readonly width: number; readonly height: number }

const words = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))

const ANIMATED = 0x02

function webpSize(bytes: Uint8Array, view: DataView): Size | undefined {
  if (bytes.length < 20 || words(bytes, 0, 4) !== "RIFF" || words(bytes, 8, 4) !== "WEBP") return undefined
  if (view.getUint32(4, true) + 8 !== bytes.length) return undefined
  const chunks: { readonly type: string; readonly from: number; readonly length: number }[] = []
  for (let at = 12; at < bytes.length; ) {
    if (at + 8 > bytes.length) return undefined
    const length = view.getUint32(at + 4, true)
    const next = at + 8 + length + (length % 2)
    if (next > bytes.length) return undefined
    chunks.push({ type: words(bytes, at, 4), from: at + 8, length })
    at = next
  }
  const row = chunks.map(({ type }) => type).join("")
  if (!/^(?:VP8[ L]|VP8X(?:ICCP)?(?:(?:ALPH)?VP8 |VP8L))$/.test(row)) return undefined
  const [first, frame] = [chunks[0], chunks.at(-1)]
  const size = frame && frameSize(bytes, view, frame)
  if (first?.type !== "VP8X" || !size) return size
  if (first.length !== 10 || ((bytes[first.from] ?? 0) & ANIMATED) !== 0) return undefined
  const side = (at: number) => view.getUint16(at, true) + ((bytes[at + 2] ?? 0) << 16) + 1
  const same = side(first.from + 4) === size.width && side(first.from + 7) === size.height
  return same ? size : undefined
}

function frameSize(
  bytes: Uint8Array,
  view: DataView,
  { type, from, length }: { readonly type: string; readonly from: number; readonly length: number },
): Size | undefined {
  if (type === "VP8L") {
    if (length < 5 || bytes[from] !== 0x2f) return undefined
    const bits = view.getUint32(from + 1, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (length < 10 || words(bytes, from + 3, 3) !== "\x9d\x01*") return undefined
  return { width: view.getUint16(from + 6, true) & 0x3fff, height: view.getUint16(from + 8, true) & 0x3fff }
}

/** What a still picture's pixels and colours need; no text, no time, no place, no animation. */
const drawn = new Set("IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs".split(" "))

function pngSize(bytes: Uint8Array, view: DataView): Size | undefined {
  if (bytes.length < 45 || words(bytes, 0, 8) !== "\x89PNG\r\n\x1a\n") return undefined
  if (view.getUint32(8) !== 13 || words(bytes, 12, 4) !== "IHDR") return undefined
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = words(bytes, at + 4, 4)
    if (!drawn.has(type) || (type === "IHDR" && at > 8)) return undefined
    at += 12 + view.getUint32(at)
    if (type === "IEND")
      return at === bytes.length ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined
  }
  return undefined
}
