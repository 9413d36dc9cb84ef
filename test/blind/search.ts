/**
 * Looks for words in bytes, in every form in which they could have slipped through: as UTF-8 and UTF-16, as base64 at each
 * of the three alignments in both alphabets, as hexadecimal, escaped for JSON and for a URL.
 */

/** The characters of base64 text that depend on these bytes alone, when `before` bytes (0..2) stand before them. */
function base64At(bytes: Uint8Array, before: number): string {
  const text = Buffer.concat([new Uint8Array(before), bytes]).toString("base64")
  return text.slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6))
}

export function forms(word: string): Map<string, Uint8Array> {
  const utf8 = Buffer.from(word, "utf8")
  const utf16 = Buffer.from(word, "utf16le")
  const out = new Map<string, Uint8Array>([
    ["UTF-8", utf8],
    ["UTF-16, low byte first", utf16],
    ["UTF-16, high byte first", Buffer.from(utf16).swap16()],
    ["hexadecimal", Buffer.from(utf8.toString("hex"))],
    ["HEXADECIMAL", Buffer.from(utf8.toString("hex").toUpperCase())],
  ])
  for (const before of [0, 1, 2]) {
    const text = base64At(utf8, before)
    out.set(`base64 after ${before}`, Buffer.from(text))
    out.set(`base64url after ${before}`, Buffer.from(text.replaceAll("+", "-").replaceAll("/", "_")))
  }
  const escaped = [...word].map((c) => (c.charCodeAt(0) < 128 ? c : jsonEscape(c))).join("")
  if (escaped !== word) out.set("JSON escapes", Buffer.from(escaped))
  if (encodeURIComponent(word) !== word) out.set("URL escapes", Buffer.from(encodeURIComponent(word)))
  return out
}

const jsonEscape = (c: string) =>
  Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")

export type Find = { readonly word: string; readonly form: string; readonly where: string }

export function search(
  places: Iterable<readonly [where: string, bytes: Uint8Array]>,
  words: readonly string[],
): Find[] {
  const looked = words.map((word) => [word, forms(word)] as const)
  const out: Find[] = []
  for (const [where, bytes] of places) {
    const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (const [word, all] of looked)
      for (const [form, needle] of all) if (hay.includes(needle)) out.push({ word, form, where })
  }
  return out
}
