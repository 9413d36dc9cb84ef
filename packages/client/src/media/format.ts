/**
 * What a file is by its first bytes; its name and the type that a system gives it are only words. Decides which of our own
 * code reads it, so it is strict: what is not known for sure is a plain file.
 */
export type Picture = "jpeg" | "png" | "gif" | "webp" | "bmp" | "avif" | "heic" | "tiff"
export type Format = Picture | "mp4" | "webm"

/** What the head of a picture says. */
export type PictureFacts = {
  readonly width: number
  readonly height: number
  /** As EXIF counts, 1 to 8. */
  readonly orientation: number
  readonly animated: boolean
}

/** Bytes that `formatOf` wants to see. */
export const HEAD_BYTES = 64

const latin = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to))

export function formatOf(head: Uint8Array): Format | undefined {
  const start = (text: string, at = 0) => latin(head, at, at + text.length) === text
  if (start("\xff\xd8\xff")) return "jpeg"
  if (start("\x89PNG\r\n\x1a\n")) return "png"
  if (start("GIF87a") || start("GIF89a")) return "gif"
  if (start("RIFF") && start("WEBP", 8)) return "webp"
  if (start("BM") && head.length >= 26 && [12, 40, 108, 124].includes(head[14] ?? 0)) return "bmp"
  if (start("II*\0") || start("MM\0*")) return "tiff"
  if (start("\x1aE\xdf\xa3")) return "webm"
  if (!start("ftyp", 4)) return undefined
  const brands = latin(
    head,
    8,
    Math.min(head.length, new DataView(head.buffer, head.byteOffset).getUint32(0)),
  )
  if (/avi[fs]/.test(brands)) return "avif"
  if (/hei[cfmsx]|hev[cmsx]|mif1|msf1/.test(brands)) return "heic"
  return "mp4"
}

const pictures: readonly Format[] = ["jpeg", "png", "gif", "webp", "bmp", "avif", "heic", "tiff"]
export const isPicture = (format: Format): format is Picture => pictures.includes(format)
