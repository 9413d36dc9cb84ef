/**
 * From a picture as it was picked to what is sent. By default the longest side is 2560 pixels and the bytes are those of a
 * fresh JPEG or WebP; a PNG, which is mostly a screenshot with letters in it, stays a PNG while that is small. "Original"
 * keeps the pixels and loses only what stands beside them; one that lies on its side is drawn anew upright, because
 * what says so is itself EXIF. Rejected: leaving the orientation as EXIF – programs that ignore it show it lying.
 */

import { isTooLarge } from "@teahouse/client/file/pixels.ts"
import { clean } from "@teahouse/client/media/clean.ts"
import type { Picture, PictureFacts } from "@teahouse/client/media/format.ts"
import { factsOf } from "./facts.ts"
import { decode, encode, ORIGINAL_QUALITY, paint, QUALITY, SIDE, small } from "./paint.ts"

export type PreparedPicture = {
  readonly file: Blob
  /** The ending that its name should have now, without a dot; absent: the one it has. */
  readonly ending?: string
  readonly width?: number
  readonly height?: number
  readonly thumb?: Uint8Array
  readonly thumbhash?: Uint8Array
  /** Why it goes as a plain file. `uncleaned`: what its camera wrote is still in it, and the person is told. */
  readonly plain?: "broken" | "too_many_pixels" | "uncleaned"
}

/** Past this a picture's bytes are not taken into memory. */
const READ_MAX = 256 * 1024 * 1024
/** A PNG that stays one. */
const PNG_MAX = 3 * 1024 * 1024

export async function preparePicture(
  format: Picture,
  file: Blob,
  original: boolean,
): Promise<PreparedPicture> {
  if (file.size > READ_MAX) return { file, plain: "uncleaned" }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const facts = factsOf(format, bytes)
  if (!facts) return { file, plain: format === "tiff" ? "uncleaned" : "broken" }
  if (isTooLarge(facts)) {
    const kept = clean(format, bytes, facts.orientation)
    if (!kept) return { file, plain: "uncleaned" }
    return { file: new Blob([kept], { type: file.type }), plain: "too_many_pixels" }
  }
  const cleaned = clean(format, bytes)
  // What is decoded has its orientation still; only the original bytes say it.
  const bitmap = await decode(file)
  if (!bitmap) return { file, plain: cleaned ? "broken" : "uncleaned" }
  try {
    const lossless = cleaned && facts.orientation === 1 ? cleaned : undefined
    const made = await chosen(format, file, facts, bitmap, lossless, original)
    return { ...made, ...(await small(bitmap)) }
  } finally {
    bitmap.close()
  }
}

async function chosen(
  format: Picture,
  file: Blob,
  facts: PictureFacts,
  bitmap: ImageBitmap,
  lossless: Uint8Array<ArrayBuffer> | undefined,
  original: boolean,
): Promise<PreparedPicture> {
  const { width, height } = bitmap
  const type = `image/${format}`
  const asItIs = lossless && { file: new Blob([lossless], { type }), width, height }
  const fits = Math.max(width, height) <= SIDE
  if (asItIs && (original || facts.animated)) return asItIs
  if (asItIs && format === "png" && fits && file.size <= PNG_MAX) return asItIs
  const painted = paint(bitmap, original ? Number.POSITIVE_INFINITY : SIDE)
  const made = await written(format, painted.canvas, original ? ORIGINAL_QUALITY : QUALITY)
  if (asItIs && fits && made.file.size >= asItIs.file.size) return asItIs
  return { ...made, width: painted.width, height: painted.height }
}

/** In its own format where that can be written, so that the name stays true; else WebP, else JPEG. */
async function written(format: Picture, canvas: OffscreenCanvas, quality: number) {
  if (format === "jpeg" || format === "webp") {
    const same = await encode(canvas, `image/${format}`, quality)
    if (same) return { file: same }
  }
  if (format === "png") {
    const same = await canvas.convertToBlob({ type: "image/png" })
    if (same.size <= PNG_MAX || quality === ORIGINAL_QUALITY) return { file: same }
  }
  const webp = await encode(canvas, "image/webp", quality)
  if (webp) return { file: webp, ending: "webp" }
  return { file: await canvas.convertToBlob({ type: "image/jpeg", quality }), ending: "jpg" }
}
