/**
 * Short texts by which people and things are called: names, remarks, tags, a status line. Whoever writes one and whoever
 * shows one cleans it the same way, because what another client sent proves nothing.
 *
 * What cannot be seen only serves to deceive: controls, directions that turn text around, letters without a shape. A joiner
 * stays where it joins something (emoji, Indic letters). Marks that are piled upon one letter would be drawn over the lines
 * above it, so a few stay and the rest goes.
 */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

/** UTF-16 units, as the schemas have it. */
export const NAME_MAX = 64
export const STATUS_MAX = 120
export const TAG_MAX = 24
export const TAGS_MAX = 20

const FORMAT = /(?!\u200d)\p{Cf}|\u{e0001}/gu
const SHAPELESS = /\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\u115f\u1160\u2800\u3164\uffa0]/gu
const LONE_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}])\u200d|\u200d(?![\p{Extended_Pictographic}\p{L}])/gu
const PILED = /(\p{M}{3})\p{M}+/gu

export const cleanName = (name: string): string =>
  name
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(FORMAT, "")
    .replace(SHAPELESS, "")
    .replace(LONE_JOINER, "")
    .replace(PILED, "$1")
    .replace(/\s+/gu, " ")
    .trim()

/** Cleaned, and refused where it is too long; empty is a value. Of 10,000 characters nothing is cut off in silence. */
export function checkText(given: string, max: number): Result<string, { readonly kind: "name_too_long" }> {
  const name = cleanName(given)
  return name.length <= max ? ok(name) : err({ kind: "name_too_long" })
}

/** For showing what somebody else wrote: as much of it as fits. */
export function shownName(name: string, max: number = NAME_MAX): string {
  const clean = cleanName(name)
  if (clean.length <= max) return clean
  let cut = ""
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (cut.length + segment.length > max) break
    cut += segment
  }
  return cut
}
