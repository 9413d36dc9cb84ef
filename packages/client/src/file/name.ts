/**
 * A file's name as it is shown, and as it may be saved: one name and never a path, without what cannot be seen or what turns
 * the direction of reading (`gpj.exe` that shows as a picture), and nothing that a file system takes for something else.
 */
import { FILE_NAME_MAX } from "../content/file.ts"

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

export function cleanFileName(name: string): string {
  const last = name.normalize("NFC").split(/[/\\]/).at(-1) ?? ""
  const seen = last
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/\s+/gu, " ")
    .replace(/^[. ]+|[. ]+$/g, "")
  const short = shorten(seen)
  if (short === "") return "file"
  return reserved.test(short) ? `_${short}` : short
}

/** Its ending says what it is, so the middle goes. */
function shorten(name: string): string {
  if (name.length <= FILE_NAME_MAX) return name
  const dot = name.lastIndexOf(".")
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ""
  let stem = name.slice(0, FILE_NAME_MAX - ending.length)
  // Not between the two halves of a character.
  if (/[\ud800-\udbff]$/.test(stem)) stem = stem.slice(0, -1)
  return stem + ending
}
