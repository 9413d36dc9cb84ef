/**
 * What a picture that somebody else made claims to be, by its head alone: a few bytes can claim pixels that fill the memory of
 * whoever decodes them. A browser asks nobody, so what claims too much, or nothing that we can read, never reaches one.
 */
import { sniff } from "./sniff.ts"

type Size = { readonly width: number; readonly height: number }

export const MAX_PIXELS = 40_000_000
export const MAX_SIDE = 16_384
/** Of a small picture in a message or beside a name; ours are at most 320 pixels. */
const SMALL_SIDE = 1024

/** Larger ones go as plain files and are never decoded, neither here nor by the one who gets them. */
export const isTooLarge = ({ width, height }: Size) =>
  width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE

const isSmall = ({ width, height }: Size) => Math.max(width, height) <= SMALL_SIDE

/** `head`: the whole file or its beginning. */
export function isDrawable(head: Uint8Array): boolean {
  const size = claimed(head)
  return size !== undefined && !isTooLarge(size)
}

export function isSmallPicture(bytes: Uint8Array): boolean {
  const size = claimed(bytes)
  return size !== undefined && isSmall(size)
}

/** For a whole file of a known type: where no decoder finds a size, it draws nothing. */
export function claimsMuch(bytes: Uint8Array): boolean {
  const size = claimed(bytes)
  return size !== undefined && !isSmall(size)
}

function claimed(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return heads[sniff(bytes) ?? ""]?.(view)
  } catch {
    // It breaks off before it says so.
    return undefined
  }
}

const word = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)))

const heads: Readonly<Record<string, (view: DataView) => Size | undefined>> = {
  "image/png": (view) =>
    word(view, 12) === "IHDR" ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined,
  "image/gif": gifSize,
  "image/jpeg": jpegSize,
  "image/webp": webpSize,
  "image/avif": avifSize,
}

/** ITU T.81, annex B: the first frame's header. */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    else at += 2 + view.getUint16(at + 2)
  }
}

/** GIF89a: the first picture may be larger than the screen that the head speaks of. */
function gifSize(view: DataView): Size | undefined {
  const packed = view.getUint8(10)
  let at = 13 + (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0)
  while (view.getUint8(at) === 0x21) {
    at += 2
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at)
    at += 1
  }
  if (view.getUint8(at) !== 0x2c) return undefined
  const side = (screen: number, picture: number) =>
    Math.max(view.getUint16(screen, true), view.getUint16(picture, true))
  return { width: side(6, at + 5), height: side(8, at + 7) }
}

/** RFC 9649: the first chunk says it, whatever follows. */
function webpSize(view: DataView): Size | undefined {
  const [long, lossy] = [word(view, 12) === "VP8X", word(view, 12) === "VP8 "]
  if (long) {
    const side = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1
    return { width: side(24), height: side(27) }
  }
  if (lossy) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (word(view, 12) !== "VP8L") return undefined
  const bits = view.getUint32(21, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** ISO 23008-12: the largest of the sizes that are named, because a picture may consist of tiles. */
function avifSize(view: DataView): Size | undefined {
  let [width, height] = [0, 0]
  for (let at = 8; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue
    width = Math.max(width, view.getUint32(at + 8))
    height = Math.max(height, view.getUint32(at + 12))
  }
  return width > 0 ? { width, height } : undefined
}
