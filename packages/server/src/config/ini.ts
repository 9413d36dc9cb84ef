/**
 * `server.conf`: sections, `key = value` or `key: value`, whole lines of comment after `#` or `;`. Keys and sections are read
 * without regard to case, as the file's old readers did. Every line that is neither is said, with its number. A file that is
 * no UTF-8 is read as GB 18030: editors on Chinese Windows still write that.
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
  | { readonly line: number; readonly kind: "no_pair" | "no_section"; readonly text: string }
  | { readonly line: number; readonly kind: "twice"; readonly text: string; readonly first: number }

export type Ini = { readonly entries: readonly IniEntry[]; readonly mistakes: readonly IniMistake[] }

export function parseIni(bytes: Uint8Array): Ini {
  const entries: IniEntry[] = []
  const mistakes: IniMistake[] = []
  let section: string | undefined
  const lines = decoded(bytes).split(/\r\n|\r|\n/)
  for (const [index, whole] of lines.entries()) {
    const line = index + 1
    const text = whole.trim()
    if (text === "" || /^[#;]/.test(text)) continue
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
    const first = entries.find((one) => one.section === section && one.key === key)
    if (first) mistakes.push({ line, kind: "twice", text: name, first: first.line })
    else entries.push({ section, key, name, value, line })
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
