/// <reference path="./pngjs.d.ts" />
/** A picture's pixels, from bytes that others sent: JPEG and PNG by small decoders in plain JavaScript, loaded with the first picture. */
export type Pixels = {
  readonly width: number
  readonly height: number
  /** RGBA, 8 bits each, not multiplied. */
  readonly data: Uint8Array
}

/** More is not decoded: a picture for a terminal needs less, and a small file may claim much. */
const MOST_PIXELS = 24_000_000

/** undefined: it cannot be shown here. WebP and AVIF have no decoder in plain JavaScript that is kept well. */
export async function decodePicture(bytes: Uint8Array, most = MOST_PIXELS): Promise<Pixels | undefined> {
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) {
      const { decode } = await import("jpeg-js")
      return decode(bytes, {
        useTArray: true,
        formatAsRGBA: true,
        tolerantDecoding: true,
        maxResolutionInMP: most / 1e6,
        maxMemoryUsageInMB: 256,
      })
    }
    if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes.length > 33) {
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      const [width, height] = [view.getUint32(16), view.getUint32(20)]
      if (width * height > most || width * height === 0) return undefined
      const { PNG } = await import("pngjs")
      const { data } = PNG.sync.read(Buffer.from(bytes))
      return { width, height, data }
    }
  } catch {
    // Cut short, or not what it says: the message says so in a sentence.
  }
  return undefined
}

/** From the 25 bytes in the message itself: colours and a blurred shape. */
export async function decodeHash(hash: Uint8Array): Promise<Pixels | undefined> {
  try {
    const { thumbHashToRGBA } = await import("thumbhash")
    const { w, h, rgba } = thumbHashToRGBA(hash)
    return w > 0 && h > 0 ? { width: w, height: h, data: rgba } : undefined
  } catch {
    return undefined
  }
}

/** Each new pixel is the mean of those that it stands for, on black where they are not opaque. */
export function scaled({ width, height, data }: Pixels, toWidth: number, toHeight: number): Pixels {
  const out = new Uint8Array(toWidth * toHeight * 4)
  for (let y = 0; y < toHeight; y++) {
    const top = Math.floor((y * height) / toHeight)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / toHeight))
    for (let x = 0; x < toWidth; x++) {
      const left = Math.floor((x * width) / toWidth)
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / toWidth))
      let [r, g, b] = [0, 0, 0]
      for (let v = top; v < bottom; v++)
        for (let u = left; u < right; u++) {
          const at = (v * width + u) * 4
          const opaque = (data[at + 3] ?? 0) / 255
          r += (data[at] ?? 0) * opaque
          g += (data[at + 1] ?? 0) * opaque
          b += (data[at + 2] ?? 0) * opaque
        }
      const count = (bottom - top) * (right - left)
      out.set([r / count, g / count, b / count, 255], (y * toWidth + x) * 4)
    }
  }
  return { width: toWidth, height: toHeight, data: out }
}

/** Cells, each twice as high as wide, that a picture of these measures fills at most. */
export function cellsFor(
  { width, height }: { readonly width: number; readonly height: number },
  most: { readonly columns: number; readonly rows: number },
): { columns: number; rows: number } {
  const scale = Math.min(most.columns / width, (most.rows * 2) / height, 1)
  return {
    columns: Math.max(1, Math.min(most.columns, Math.round(width * scale))),
    rows: Math.max(1, Math.min(most.rows, Math.round((height * scale) / 2))),
  }
}
