/**
 * A sticker from any picture: its head is read before anything is decoded (media/facts.ts), then it is drawn anew, small. Nothing
 * is left of what a camera wrote beside it, and of what moves the first picture stays. What can be seen through stays so.
 */
import { isTooLarge } from "@teahouse/client/file/pixels.ts"
import { formatOf, HEAD_BYTES, isPicture } from "@teahouse/client/media/format.ts"
import { cleanPng } from "@teahouse/client/media/png.ts"
import { factsOf } from "../media/facts.ts"
import { decode, encode, paint } from "../media/paint.ts"

/** As content/sticker.ts of the client has them. */
const SIDE = 240
const MAX_BYTES = 40_000
/** As PNG a photograph fits only when it is smaller. */
const SIDES = [SIDE, 192, 144, 96] as const
const QUALITIES = [0.9, 0.75, 0.55, 0.35] as const
/** A file above this is no photograph, and decoding it would fill the memory. */
export const MAX_FILE = 32 * 1024 * 1024

/** undefined: no picture that this browser reads, a broken one, or one that claims to be too large. */
export async function makeSticker(file: Blob): Promise<Uint8Array | undefined> {
  if (file.size > MAX_FILE) return undefined
  const bytes = new Uint8Array(await file.arrayBuffer())
  const format = formatOf(bytes.subarray(0, HEAD_BYTES))
  if (format === undefined || !isPicture(format)) return undefined
  const facts = factsOf(format, bytes)
  if (!facts || isTooLarge(facts)) return undefined
  const picture = await decode(file)
  if (!picture) return undefined
  try {
    for (const side of SIDES) {
      const made = await written(paint(picture, side).canvas)
      if (made) return made
    }
    return undefined
  } finally {
    picture.close()
  }
}

async function written(canvas: OffscreenCanvas): Promise<Uint8Array | undefined> {
  const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())
  for (const quality of QUALITIES) {
    const webp = await encode(canvas, "image/webp", quality)
    if (!webp) {
      // Some browsers write what they know of the canvas beside it.
      const png = cleanPng(await bytesOf(await canvas.convertToBlob({ type: "image/png" })))
      return png && png.length <= MAX_BYTES ? png : undefined
    }
    if (webp.size <= MAX_BYTES) return bytesOf(webp)
  }
  return undefined
}
