/**
 * What the head of a picture says, read before anything is decoded: a few bytes can claim a picture that fills the memory
 * (a "zip bomb"), and whoever decodes it has lost already.
 */
import { u16le, u32le } from "@teahouse/client/media/bytes.ts"
import type { Picture, PictureFacts } from "@teahouse/client/media/format.ts"
import { gifFacts } from "@teahouse/client/media/gif.ts"
import { jpegFacts } from "@teahouse/client/media/jpeg.ts"
import { pngFacts } from "@teahouse/client/media/png.ts"
import { webpFacts } from "@teahouse/client/media/webp.ts"
import { heifFacts } from "./isobmff.ts"

/** Undefined: broken, or nothing that we read. */
export function factsOf(format: Picture, bytes: Uint8Array): PictureFacts | undefined {
  const facts = read[format](bytes)
  return facts && facts.width > 0 && facts.height > 0 ? facts : undefined
}

const read: { readonly [F in Picture]: (bytes: Uint8Array) => PictureFacts | undefined } = {
  jpeg: jpegFacts,
  png: pngFacts,
  gif: gifFacts,
  webp: webpFacts,
  bmp: bmpFacts,
  avif: heifFacts,
  heic: heifFacts,
  // No browser shows it but one.
  tiff: () => undefined,
}

function bmpFacts(b: Uint8Array): PictureFacts | undefined {
  if (b[14] === 12)
    return { width: u16le(b, 18) ?? 0, height: u16le(b, 20) ?? 0, orientation: 1, animated: false }
  // A negative height says that the rows begin at the top.
  return {
    width: Math.abs((u32le(b, 18) ?? 0) | 0),
    height: Math.abs((u32le(b, 22) ?? 0) | 0),
    orientation: 1,
    animated: false,
  }
}
