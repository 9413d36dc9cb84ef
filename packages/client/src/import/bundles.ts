/**
 * Lines of another program as bundles, the form in which several messages are retold as one (content/bundle.ts): names and times are what
 * the export says, cannot be changed afterwards, and are shown as retold. In order; after each bundle the files that its lines had.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { BUNDLE_MAX, BUNDLE_TEXT_MAX, TITLE_MAX } from "../content/bundle.ts"
import type { ImportedChat, ImportedLine } from "./record.ts"

export type BundleLine = { readonly name: string; readonly at: number; readonly text: string }
export type ImportedBundle = {
  readonly title: string
  readonly lines: readonly BundleLine[]
  /** Those that the export holds. */
  readonly files: readonly (NonNullable<ImportedLine["file"]> & {
    readonly path: string
    readonly line: BundleLine
  })[]
  /** How many lines of the chat are in this bundle and those before it. */
  readonly upTo: number
}

const NAME_MAX = 64
/** UTF-8 bytes of texts and names: a message has room for them in any case. */
const BYTES_MAX = 160 * 1024

export function bundlesOf({ name, lines }: ImportedChat): ImportedBundle[] {
  const out: ImportedBundle[] = []
  let items: BundleLine[] = []
  let files: ImportedBundle["files"][number][] = []
  let bytes = 0
  const end = (upTo: number) => {
    if (items.length === 0) return
    out.push({ title: cut(name, TITLE_MAX), lines: items, files, upTo })
    items = []
    files = []
    bytes = 0
  }
  for (const [i, line] of lines.entries()) {
    for (const [piece, text] of piecesOf(line).entries()) {
      const item = { name: cut(line.from, NAME_MAX), at: line.at, text }
      const size = utf8(text).length + 100
      // A line in pieces may be in two bundles: it counts as kept with the last of them.
      if (items.length === BUNDLE_MAX || bytes + size > BYTES_MAX) end(i)
      items.push(item)
      bytes += size
      const { file } = line
      if (piece === 0 && file?.path !== undefined) files.push({ ...file, path: file.path, line: item })
    }
  }
  end(lines.length)
  return out
}

/** A text that is too long for one line is several; a file has a line that names it. */
function piecesOf({ text, file }: ImportedLine): string[] {
  const whole = [file ? `📎 ${file.name}` : "", text].filter(Boolean).join("\n")
  const pieces: string[] = []
  for (let rest = whole; rest !== "" || pieces.length === 0; ) {
    const piece = cut(rest, BUNDLE_TEXT_MAX / 2)
    pieces.push(piece)
    rest = rest.slice(piece.length)
  }
  return pieces
}

/** Never through the middle of a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}
