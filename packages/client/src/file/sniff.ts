/**
 * What a file is by its first bytes. Only what a browser shows without running anything is ever shown: raster pictures, film,
 * sound. Whatever else it may be, whatever its name or its sender says, is a download. SVG is none of these: it is a document.
 */
const ascii = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to))
const starts = (bytes: Uint8Array, ...values: number[]) => values.every((value, i) => bytes[i] === value)

/** A media type, or undefined: to be saved and not shown. */
export function sniff(bytes: Uint8Array): string | undefined {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return "image/jpeg"
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png"
  const four = ascii(bytes, 0, 4)
  const six = ascii(bytes, 0, 6)
  if (six === "GIF87a" || six === "GIF89a") return "image/gif"
  if (four === "RIFF") {
    const form = ascii(bytes, 8, 12)
    return form === "WEBP" ? "image/webp" : form === "WAVE" ? "audio/wav" : undefined
  }
  if (ascii(bytes, 4, 8) === "ftyp") {
    const brand = ascii(bytes, 8, 12)
    if (brand === "avif" || brand === "avis") return "image/avif"
    if (brand === "M4A " || brand === "M4B ") return "audio/mp4"
    return /^(?:isom|iso[2-9]|mp4[12]|avc1|M4V |dash|MSNV|qt {2})$/.test(brand) ? "video/mp4" : undefined
  }
  // Matroska and WebM begin alike; only the second is said in its first bytes.
  if (starts(bytes, 0x1a, 0x45, 0xdf, 0xa3))
    return ascii(bytes, 0, 64).includes("webm") ? "video/webm" : undefined
  if (four === "OggS") return "audio/ogg"
  if (four === "fLaC") return "audio/flac"
  if (ascii(bytes, 0, 3) === "ID3") return "audio/mpeg"
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0) return "audio/aac"
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2) return "audio/mpeg"
  return undefined
}
