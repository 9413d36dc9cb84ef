/** Real, small pictures for tests: made by an encoder, or put together here where the format is simple. */
import { crc32, deflateSync } from "node:zlib"
import { joined } from "./bytes.ts"

const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0))
const be32 = (n: number) => Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255)
const le32 = (n: number) => be32(n).reverse()

export const pngChunk = (type: string, data: Uint8Array) => {
  const body = joined([bytes(type), data])
  return joined([be32(data.length), body, be32(crc32(body))])
}

/** `extra`: chunks between the header and the pixels. */
export function png(
  width: number,
  height: number,
  extra: readonly Uint8Array[] = [],
  claim = { width, height },
) {
  const rows = new Uint8Array((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set([x * 7, y * 5, x ^ y], y * (width * 3 + 1) + 1 + x * 3)
  const head = joined([be32(claim.width), be32(claim.height), Uint8Array.of(8, 2, 0, 0, 0)])
  return joined([
    bytes("\x89PNG\r\n\x1a\n"),
    pngChunk("IHDR", head),
    ...extra,
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", new Uint8Array()),
  ])
}

export const jpegSegment = (marker: number, data: Uint8Array) =>
  joined([Uint8Array.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255), data])

/** A TIFF directory with an orientation, a maker and coordinates, in either byte order. */
export function exif(orientation: number, little = false): Uint8Array<ArrayBuffer> {
  const out = new DataView(new ArrayBuffer(80))
  const view = new Uint8Array(out.buffer)
  view.set(bytes(little ? "II" : "MM"))
  out.setUint16(2, 42, little)
  out.setUint32(4, 8, little)
  out.setUint16(8, 3, little)
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    out.setUint16(at, tag, little)
    out.setUint16(at + 2, type, little)
    out.setUint32(at + 4, count, little)
    if (type === 3) out.setUint16(at + 8, value, little)
    else out.setUint32(at + 8, value, little)
  }
  entry(10, 0x010f, 2, 10, 50)
  entry(22, 0x0112, 3, 1, orientation)
  entry(34, 0x8825, 4, 1, 60)
  view.set(bytes("SECRETCAM\0GPS 48.2082N 16.3738E"), 46)
  return view
}

export const exifSegment = (orientation: number, little = false) =>
  jpegSegment(0xe1, joined([bytes("Exif\0\0"), exif(orientation, little)]))

/** 8 × 8, grey, baseline, from libjpeg. */
const JPEG =
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
export const jpeg = (extra: readonly Uint8Array[] = []) => {
  const whole = new Uint8Array(Buffer.from(JPEG, "base64"))
  // Behind SOI and JFIF.
  return joined([whole.subarray(0, 20), ...extra, whole.subarray(20)])
}

export const riffChunk = (type: string, data: Uint8Array) =>
  joined([bytes(type), le32(data.length), data, new Uint8Array(data.length % 2)])

const WEBP = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAUAmJaQAA3AA/v02aAA="
/** 1 × 1, lossy, in the extended form, with what `extra` says behind the picture. */
export function webp(extra: readonly Uint8Array[] = []) {
  const simple = new Uint8Array(Buffer.from(WEBP, "base64")).subarray(12)
  const flags = extra.length > 0 ? 0x0c : 0
  const body = joined([
    bytes("WEBP"),
    riffChunk("VP8X", Uint8Array.of(flags, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    simple,
    ...extra,
  ])
  return joined([bytes("RIFF"), le32(body.length), body])
}

const GIF = "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
export function gif(extra: readonly Uint8Array[] = []) {
  const whole = new Uint8Array(Buffer.from(GIF, "base64"))
  return joined([whole.subarray(0, 19), ...extra, whole.subarray(19)])
}
export const gifExtension = (label: number, ...blocks: readonly Uint8Array[]) =>
  joined([
    Uint8Array.of(0x21, label),
    ...blocks.flatMap((block) => [Uint8Array.of(block.length), block]),
    Uint8Array.of(0),
  ])

export const box = (type: string, ...parts: readonly Uint8Array[]) => {
  const body = joined(parts)
  return joined([be32(body.length + 8), bytes(type), body])
}

export { bytes }
