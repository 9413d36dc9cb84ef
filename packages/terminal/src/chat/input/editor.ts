/** A text being written: pure steps over grapheme clusters, with the insertion point as a position between UTF-16 code units. */
import { clusters, widthOf } from "../screen/width.ts"

export type Editor = { readonly text: string; readonly at: number }

export const emptyEditor: Editor = { text: "", at: 0 }
export const editorOf = (text: string): Editor => ({ text, at: text.length })

const segmenter = new Intl.Segmenter("zh", { granularity: "grapheme" })
const words = new Intl.Segmenter("zh", { granularity: "word" })

function before({ text, at }: Editor): number {
  let last = 0
  for (const { index } of segmenter.segment(text)) {
    if (index >= at) break
    last = index
  }
  return last
}
function after({ text, at }: Editor): number {
  for (const { index } of segmenter.segment(text)) if (index > at) return index
  return text.length
}
function wordBefore({ text, at }: Editor): number {
  let last = 0
  for (const { index, isWordLike } of words.segment(text)) {
    if (index >= at) break
    if (isWordLike) last = index
  }
  return last
}
function wordAfter({ text, at }: Editor): number {
  for (const { index, segment, isWordLike } of words.segment(text))
    if (isWordLike && index + segment.length > at) return index + segment.length
  return text.length
}
const lineStart = ({ text, at }: Editor) => text.lastIndexOf("\n", at - 1) + 1
const lineEnd = ({ text, at }: Editor) => {
  const end = text.indexOf("\n", at)
  return end < 0 ? text.length : end
}

export const insert = ({ text, at }: Editor, added: string): Editor => ({
  text: text.slice(0, at) + added + text.slice(at),
  at: at + added.length,
})
const without = ({ text }: Editor, from: number, to: number): Editor => ({
  text: text.slice(0, from) + text.slice(to),
  at: from,
})

/** undefined: this key is none of the editor's. */
export function edit(editor: Editor, key: string): Editor | undefined {
  const { text, at } = editor
  switch (key) {
    case "left":
    case "ctrl+b":
      return { text, at: before(editor) }
    case "right":
      return { text, at: after(editor) }
    case "ctrl+left":
    case "alt+b":
      return { text, at: wordBefore(editor) }
    case "ctrl+right":
    case "alt+f":
      return { text, at: wordAfter(editor) }
    case "home":
    case "ctrl+a":
      return { text, at: lineStart(editor) }
    case "end":
    case "ctrl+e":
      return { text, at: lineEnd(editor) }
    case "backspace":
      return without(editor, before(editor), at)
    case "delete":
      return without(editor, at, after(editor))
    case "ctrl+w":
    case "alt+backspace":
    case "ctrl+backspace":
      return without(editor, wordBefore(editor), at)
    case "alt+d":
    case "ctrl+delete":
      return without(editor, at, wordAfter(editor))
    case "ctrl+u":
      return without(editor, lineStart(editor), at)
    case "alt+enter":
    case "shift+enter":
    case "ctrl+j":
      return insert(editor, "\n")
    default:
      return undefined
  }
}

/** As rows of at most `width` cells, and where in them the insertion point is. A row is broken where it is full, as one types. */
export function rowsOf({ text, at }: Editor, width: number): { rows: string[]; x: number; y: number } {
  const rows = [""]
  let [used, offset] = [0, 0]
  let cursor = { x: 0, y: 0 }
  const place = () => {
    cursor = { x: used, y: rows.length - 1 }
  }
  for (const one of clusters(text)) {
    const newline = one.text === "\n" || one.text === "\r\n"
    if (!newline && used + one.width > width) {
      rows.push("")
      used = 0
    }
    if (offset === at) place()
    if (newline) {
      rows.push("")
      used = 0
    } else {
      rows[rows.length - 1] += one.text
      used += one.width
    }
    offset += one.text.length
  }
  if (at >= offset) {
    if (used >= width) {
      rows.push("")
      used = 0
    }
    place()
  }
  return { rows, ...cursor }
}

export const editorWidth = ({ text }: Editor): number => widthOf(text)
