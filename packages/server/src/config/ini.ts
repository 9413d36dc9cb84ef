/**
 * `server.conf`: sections, `key = value` or `key: value`, whole lines of comment after `#` or `;`. Keys and sections are read
 * without regard to case, as the file's old readers did. Every line that is neither is said, with its number. A file that is
 * no UTF-8 is read as GB 18030: editors on Chinese Windows still write that. What is neither, or holds characters that no editor
 * shows (a NUL in a folder's name), is said too, and so is a line longer than any setting: what reads a value need not be quick with
 * a million of them.
 */
export type IniEntry = {
  /** In small letters. */
  readonly section: string
  readonly key: string
  /** As it is written. */
  readonly name: string
  readonly value: string
  /** Counted from 1. */
  readonly line: number
}
export type IniMistake =
  | {
      readonly line: number
      readonly kind: "no_pair" | "no_section" | "no_text" | "too_long"
      readonly text: string
    }
  | { readonly line: number; readonly kind: "twice"; readonly text: string; readonly first: number }

export type Ini = { readonly entries: readonly IniEntry[]; readonly mistakes: readonly IniMistake[] }

/** UTF-16 units; the longest value that somebody needs is a list of networks. */
export const LINE_MAX = 8_192
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NO_TEXT = /[\0-\x08\x0a-\x1f\x7f\ufffd]/

export function parseIni(bytes: Uint8Array): Ini {
  const entries: IniEntry[] = []
  const mistakes: IniMistake[] = []
  const lineOf = new Map<string, number>()
  let section: string | undefined
  const lines = decoded(bytes).split(/\r\n|\r|\n/)
  for (const [index, whole] of lines.entries()) {
    const line = index + 1
    const text = whole.trim()
    if (text === "" || /^[#;]/.test(text)) continue
    if (text.length > LINE_MAX || NO_TEXT.test(text)) {
      mistakes.push({ line, kind: text.length > LINE_MAX ? "too_long" : "no_text", text })
      continue
    }
    const header = /^\[([^\]]+)\]$/.exec(text)
    if (header) {
      section = (header[1] as string).trim().toLowerCase()
      continue
    }
    const pair = /^([^=:\s]+)\s*[=:]\s*(.*)$/.exec(text)
    if (!pair) {
      mistakes.push({ line, kind: "no_pair", text })
      continue
    }
    const [, name, value] = pair as unknown as [string, string, string]
    if (section === undefined) {
      mistakes.push({ line, kind: "no_section", text: name })
      continue
    }
    const key = name.toLowerCase()
    const which = `${section}]${key}`
    const first = lineOf.get(which)
    if (first !== undefined) {
      mistakes.push({ line, kind: "twice", text: name, first })
      continue
    }
    lineOf.set(which, line)
    entries.push({ section, key, name, value, line })
  }
  return { entries, mistakes }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder("gb18030").decode(bytes)
  }
}
