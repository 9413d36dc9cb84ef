/** Pictures as far as their heads go: what a sticker may be and what it may not. */
import { concat, utf8 } from "@teahouse/protocol/bytes.ts"

const latin = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0))
const le = (value: number, bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, at) => (value >>> (8 * at)) & 0xff)
const be = (value: number) => le(value, 4).reverse()

export const chunk = (type: string, body: Uint8Array) =>
  concat(latin(type), le(body.length, 4), body, new Uint8Array(body.length % 2))
export function webp(...chunks: readonly Uint8Array[]): Uint8Array {
  const body = concat(latin("WEBP"), ...chunks)
  return concat(latin("RIFF"), le(body.length, 4), body)
}
/** One lossless frame; `more` makes it another picture, or a longer one. */
export const frame = (width: number, height: number, more: Uint8Array = Uint8Array.of(1)) =>
  chunk("VP8L", concat(Uint8Array.of(0x2f), le((width - 1) | ((height - 1) << 14), 4), more))
export const lossyFrame = (width: number, height: number) =>
  chunk("VP8 ", concat(new Uint8Array(3), latin("\x9d\x01*"), le(width, 2), le(height, 2), new Uint8Array(4)))
export const extended = (width: number, height: number, flags = 0) =>
  chunk("VP8X", concat(le(flags, 4), le(width - 1, 3), le(height - 1, 3)))

export const pngChunk = (type: string, body: Uint8Array = new Uint8Array()) =>
  concat(be(body.length), latin(type), body, new Uint8Array(4))
export const png = (...chunks: readonly Uint8Array[]) => concat(latin("\x89PNG\r\n\x1a\n"), ...chunks)
export const pngHead = (width: number, height: number) =>
  pngChunk("IHDR", concat(be(width), be(height), Uint8Array.of(8, 6, 0, 0, 0)))

/** A sticker like no other of another name. */
export const stickerOf = (name: string, width = 120, height = 90) => webp(frame(width, height, utf8(name)))
