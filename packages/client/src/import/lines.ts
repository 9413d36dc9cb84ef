/** An export's lines as they are kept: bounded in every field, in the order of the export, 256 to a block. */
import { concat, utf8 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { SEGMENT } from "../history/history.ts"
import type { ImportedChat, ImportedLine } from "./record.ts"

export type KeptLine = {
  readonly name: string
  readonly at: number
  readonly text: string
  /** Inside of the export. */
  readonly path?: string
  readonly fileName?: string
}

const NAME_MAX = 64
/** UTF-16 units of a line: 256 of the longest are a block that a house takes. */
export const LINE_MAX = 8 * 1024
export const TITLE_MAX = 100

/** A generator, because an export may have more lines than should be in memory twice. */
export function* keptLines({ lines }: ImportedChat): Generator<KeptLine> {
  for (const line of lines)
    for (const [piece, text] of piecesOf(line).entries()) {
      const { from, at, file } = line
      const own = piece === 0 && file?.path !== undefined ? { path: file.path, fileName: file.name } : {}
      yield { name: cut(from, NAME_MAX), at, text, ...own }
    }
}

export function* blocks(chat: ImportedChat): Generator<readonly KeptLine[]> {
  let block: KeptLine[] = []
  for (const line of keptLines(chat)) {
    block.push(line)
    if (block.length < SEGMENT) continue
    yield block
    block = []
  }
  if (block.length > 0) yield block
}

export type Measured = {
  readonly title: string
  readonly digest: Uint8Array
  readonly lines: number
  readonly first: number
  readonly last: number
}

/** What the import is called by: the same export says the same, however often it is read. `lines`: 0 where it has none. */
export function measured(source: string, chat: ImportedChat): Measured {
  const title = cut(chat.name, TITLE_MAX)
  let hash = sha256(utf8(JSON.stringify([source, title])))
  let [lines, first, last] = [0, Number.MAX_SAFE_INTEGER, 0]
  for (const block of blocks(chat)) {
    hash = sha256(concat(hash, utf8(JSON.stringify(block))))
    lines += block.length
    for (const { at } of block) [first, last] = [Math.min(first, at), Math.max(last, at)]
  }
  return { title, digest: hash.slice(0, 16), lines, first: lines === 0 ? 0 : first, last }
}

/** A text that is too long for one line is several. A file that the export does not hold is named; one that it holds is shown. */
function piecesOf({ text, file }: ImportedLine): string[] {
  const named = file && file.path === undefined ? `📎 ${file.name}` : ""
  const whole = [named, text].filter(Boolean).join("\n")
  const pieces: string[] = []
  for (let rest = whole; rest !== "" || pieces.length === 0; ) {
    const piece = cut(rest, LINE_MAX)
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
