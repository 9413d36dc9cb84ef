/**
 * JPEG (ITU T.81, annex B) as a row of segments. UX 23: of all that may stand beside the picture only what its colours
 * need is kept: JFIF without its thumbnail, the ICC profile, Adobe's colour transform. What lies behind the end is gone too:
 * telephones put films and second pictures there, with places of their own. The picture's own bytes are untouched.
 */
import { joined, latin1, u16 } from "./bytes.ts"
import { onlyOrientation, orientationOf } from "./exif.ts"
import type { PictureFacts } from "./format.ts"

type Segment = { readonly marker: number; readonly from: number; readonly to: number }

const [SOI, EOI, SOS, COM] = [0xd8, 0xd9, 0xda, 0xfe]
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7
/** Start of a frame, except the three in that range that are something else. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** Undefined where it breaks off or is not JPEG. A missing end marker alone is no reason: many programs forget it. */
function segmentsOf(b: Uint8Array): Segment[] | undefined {
  if (b[0] !== 0xff || b[1] !== SOI) return undefined
  const out: Segment[] = []
  let at = 2
  while (at < b.length) {
    if (b[at] !== 0xff) return undefined
    while (b[at + 1] === 0xff) at++
    const marker = b[at + 1]
    if (marker === undefined) break
    if (marker === EOI) {
      out.push({ marker, from: at, to: at + 2 })
      break
    }
    if (isRestart(marker) || marker === 0x01) {
      at += 2
      continue
    }
    const length = u16(b, at + 2)
    if (length === undefined || length < 2 || at + 2 + length > b.length) return undefined
    const body = at + 2 + length
    const to = marker === SOS ? scanEnd(b, body) : body
    out.push({ marker, from: at, to })
    at = to
  }
  const frame = out.findIndex((one) => isFrame(one.marker))
  return frame >= 0 && out.some((one, i) => one.marker === SOS && i > frame) ? out : undefined
}

/** In a scan 0xff is followed by 0 or a restart marker; anything else is the next segment. */
function scanEnd(b: Uint8Array, from: number): number {
  for (let at = b.indexOf(0xff, from); at >= 0; at = b.indexOf(0xff, at)) {
    const next = b[at + 1]
    if (next === undefined) return b.length
    if (next === 0 || isRestart(next)) at += 2
    else if (next === 0xff) at += 1
    else return at
  }
  return b.length
}

const isExif = (b: Uint8Array, { marker, from }: Segment) =>
  marker === 0xe1 && latin1(b, from + 4, 6) === "Exif\0\0"

export function jpegFacts(b: Uint8Array): PictureFacts | undefined {
  const all = segmentsOf(b)
  const frame = all?.find((one) => isFrame(one.marker))
  if (!all || !frame) return undefined
  const exif = all.find((one) => isExif(b, one))
  const height = u16(b, frame.from + 5) ?? 0
  const width = u16(b, frame.from + 7) ?? 0
  const orientation = exif ? orientationOf(b.subarray(exif.from + 10, exif.to)) : 1
  return { width, height, orientation, animated: false }
}

/** `keep`: an orientation to be said in the result, where the picture is not going to be turned itself. */
export function cleanJpeg(b: Uint8Array, keep = 1): Uint8Array<ArrayBuffer> | undefined {
  const all = segmentsOf(b)
  if (!all) return undefined
  const parts: Uint8Array[] = [b.subarray(0, 2)]
  for (const segment of all) {
    const part = cleaned(b, segment)
    if (part) parts.push(part)
  }
  if (all.at(-1)?.marker !== EOI) parts.push(Uint8Array.of(0xff, EOI))
  if (keep > 1) {
    const exif = onlyOrientation(keep)
    const head = Uint8Array.of(0xff, 0xe1, 0, exif.length + 8, 0x45, 0x78, 0x69, 0x66, 0, 0)
    const jfif = b[3] === 0xe0 && parts.length > 1 ? 2 : 1
    parts.splice(jfif, 0, head, exif)
  }
  return joined(parts)
}

function cleaned(b: Uint8Array, { marker, from, to }: Segment): Uint8Array | undefined {
  const part = b.subarray(from, to)
  const name = (text: string) => latin1(b, from + 4, text.length) === text
  switch (marker) {
    case 0xe0: {
      if (!name("JFIF\0") || part.length < 18) return undefined
      const plain = part.slice(0, 18)
      plain.set([0, 16], 2)
      plain.set([0, 0], 16)
      return plain
    }
    case 0xe2:
      return name("ICC_PROFILE\0") ? part : undefined
    case 0xee:
      return name("Adobe") && part.length === 16 ? part : undefined
    case COM:
      return undefined
    default:
      return (marker >= 0xe0 && marker <= 0xef) || (marker >= 0xf0 && marker <= 0xfd) ? undefined : part
  }
}
