/**
 * Names of files were written by others. Shown: without signs that turn the direction or have no width, so that
 * `photo‮gpj.exe` cannot pass for a picture. Saved: one name and never a path, and none that a system treats as a device.
 */
// Controls, bidirectional marks and overrides, zero-width signs, line separators, byte order mark, tags, unpaired halves.
const invisible =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cc}|\p{Cs}/gu
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d|clock\$)(?:\..*)?$/i
const MAX = 180

export const shownName = (name: string): string => name.replace(invisible, "").trim() || "file"

/** The ending without its dot, lower case; empty where there is none. */
export const endingOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ""

export function savedName(name: string): string {
  const last = shownName(name.split(/[/\\]/).findLast((part) => /[^.\s]/.test(part)) ?? "")
  const plain = last
    .replace(/[<>:"|?*]/g, "_")
    .replace(/^[.\s~]+/, "")
    .replace(/[.\s]+$/, "")
  const named = plain === "" ? "file" : reserved.test(plain) ? `_${plain}` : plain
  return shortened(named, MAX)
}

/** Cut in the middle, so that the ending stays. Whole signs. */
function shortened(name: string, max: number): string {
  const signs = [...name]
  if (signs.length <= max) return name
  const tail = endingOf(name) === "" ? 0 : endingOf(name).length + 1
  return [...signs.slice(0, max - tail - 1), "…", ...(tail > 0 ? signs.slice(-tail) : [])].join("")
}

/** `a.txt`, `a (2).txt`, `a (3).txt`: the first that is free. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  const ending = endingOf(name)
  const stem = ending === "" ? name : name.slice(0, -ending.length - 1)
  let free = name
  for (let n = 2; taken(free); n++) free = `${stem} (${n})${ending === "" ? "" : `.${ending}`}`
  return free
}

/** For showing in one line: the beginning may be cut, the end with the ending stays. */
export function nameParts(name: string): readonly [start: string, end: string] {
  const signs = [...shownName(name)]
  const keep = Math.min(signs.length, Math.max(7, endingOf(name).length + 4))
  return [signs.slice(0, -keep).join(""), signs.slice(-keep).join("")]
}
