/** Decoding and drawing, in a worker: a picture of 40 megapixels takes 160 MB while it is open, so it is closed at once. */
import { rgbaToThumbHash } from "thumbhash"

/** Longest side of a picture that is not sent as its original, and of the small one inside the message. */
export const SIDE = 2560
const THUMB_SIDE = 320
const HASH_SIDE = 100
const THUMB_MAX = 24 * 1024
export const QUALITY = 0.85
export const ORIGINAL_QUALITY = 0.95

export type Painted = { readonly canvas: OffscreenCanvas; readonly width: number; readonly height: number }

/** Upright, whatever its EXIF says. Undefined: this browser cannot decode it. */
export async function decode(picture: Blob): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(picture, { imageOrientation: "from-image" })
  } catch {
    return undefined
  }
}

export function paint(from: ImageBitmap | OffscreenCanvas, side: number): Painted {
  const scale = Math.min(1, side / Math.max(from.width, from.height))
  const width = Math.max(1, Math.round(from.width * scale))
  const height = Math.max(1, Math.round(from.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext("2d")
  if (!context) throw new Error("no 2d canvas in a worker")
  context.imageSmoothingQuality = "high"
  context.drawImage(from, 0, 0, width, height)
  return { canvas, width, height }
}

/** A browser that cannot write a type writes PNG instead; then undefined. */
export async function encode(canvas: OffscreenCanvas, type: string, quality: number) {
  const blob = await canvas.convertToBlob({ type, quality })
  return blob.type === type ? blob : undefined
}

export type Small = { readonly thumb?: Uint8Array; readonly thumbhash: Uint8Array }

/** What goes into the message: a small picture that fits, and a blur of 25 bytes. */
export async function small(from: ImageBitmap | OffscreenCanvas): Promise<Small> {
  const { canvas } = paint(from, THUMB_SIDE)
  const { canvas: tiny, width, height } = paint(canvas, HASH_SIDE)
  const pixels = tiny.getContext("2d")?.getImageData(0, 0, width, height).data ?? []
  const thumbhash = rgbaToThumbHash(width, height, pixels)
  for (const quality of [0.75, 0.55, 0.35, 0.15]) {
    const blob =
      (await encode(canvas, "image/webp", quality)) ?? (await encode(canvas, "image/jpeg", quality))
    if (blob && blob.size <= THUMB_MAX) return { thumb: new Uint8Array(await blob.arrayBuffer()), thumbhash }
  }
  return { thumbhash }
}
