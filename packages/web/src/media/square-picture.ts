/**
 * The picture of a person or a group from any picked one: its head is read before anything is decoded (facts.ts), its middle is
 * drawn anew as a small square, so that nothing is left of what a camera wrote beside it.
 */
import { isTooLarge } from "@teahouse/client/file/pixels.ts"
import { formatOf, HEAD_BYTES, isPicture } from "@teahouse/client/media/format.ts"
import { factsOf } from "./facts.ts"
import { decode, encode } from "./paint.ts"

const SIDE = 256
/** As content/notebook.ts and content/card.ts of the client have it. */
const MAX_BYTES = 24 * 1024
/** A head can stand behind a long profile of colours. */
const FACTS_BYTES = 4 * 1024 * 1024

/** undefined: no picture, a broken one, or one that claims to be too large. */
export async function squarePicture(file: Blob): Promise<Uint8Array | undefined> {
  const format = formatOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()))
  if (format === undefined || !isPicture(format)) return undefined
  const facts = factsOf(format, new Uint8Array(await file.slice(0, FACTS_BYTES).arrayBuffer()))
  if (!facts || isTooLarge(facts)) return undefined
  const picture = await decode(file)
  if (!picture) return undefined
  try {
    const canvas = new OffscreenCanvas(SIDE, SIDE)
    const context = canvas.getContext("2d")
    if (!context) return undefined
    const side = Math.min(picture.width, picture.height)
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2]
    // What is seen through becomes white in JPEG, and in WebP too, so that both look the same.
    context.fillStyle = "#fff"
    context.fillRect(0, 0, SIDE, SIDE)
    context.imageSmoothingQuality = "high"
    context.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE)
    for (const quality of [0.85, 0.7, 0.5, 0.3]) {
      const blob =
        (await encode(canvas, "image/webp", quality)) ?? (await encode(canvas, "image/jpeg", quality))
      if (blob && blob.size <= MAX_BYTES) return new Uint8Array(await blob.arrayBuffer())
    }
    return undefined
  } finally {
    picture.close()
  }
}
