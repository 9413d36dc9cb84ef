/**
 * UX 23: no picture leaves the device with what its camera wrote beside it. Lossless where the format allows it; the
 * others are drawn anew (paint.ts). Undefined: broken, or not possible without drawing.
 */
import type { Picture } from "./format.ts"
import { cleanGif } from "./gif.ts"
import { cleanJpeg } from "./jpeg.ts"
import { cleanPng } from "./png.ts"
import { cleanWebp } from "./webp.ts"

const cleaners: {
  readonly [F in Picture]?: (bytes: Uint8Array, keep?: number) => Uint8Array<ArrayBuffer> | undefined
} = {
  jpeg: cleanJpeg,
  png: (bytes) => cleanPng(bytes),
  gif: (bytes) => cleanGif(bytes),
  webp: (bytes) => cleanWebp(bytes),
}

/** `keep`: the orientation that has to be said because the picture is not drawn anew; JPEG only. */
export const clean = (format: Picture, bytes: Uint8Array, keep = 1): Uint8Array<ArrayBuffer> | undefined =>
  cleaners[format]?.(bytes, keep)
