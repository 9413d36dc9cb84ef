/** Pieces that pages are drawn of. */

import type { Input } from "../input/decode.ts"
import { type Editor, edit, emptyEditor, insert, rowsOf } from "../input/editor.ts"
import { bold, chosen, faint, type Style } from "../screen/style.ts"
import type { Surface } from "../screen/surface.ts"
import { cut, cutStart, pad, widthOf } from "../screen/width.ts"

export function titleBar(surface: Surface, left: string, right = ""): void {
  const { width } = surface
  surface.fill({ x: 0, y: 0, width, height: 1 }, chosen)
  const end = Math.max(0, width - widthOf(right) - 1)
  surface.put(1, 0, cut(left, end - 2), { ...chosen, bold: true })
  surface.put(end, 0, right, chosen)
}

export const bottomLine = (surface: Surface, text: string, style: Style = faint): void =>
  void surface.put(1, surface.height - 1, cut(text, surface.width - 2), style)

/** One line that is written into. `secret`: a dot for each sign. */
export type Field = {
  value(): string
  set(text: string): void
  input(input: Input): boolean
  draw(surface: Surface, x: number, y: number, width: number, focused: boolean): void
}

export function createField(secret = false): Field {
  let editor: Editor = emptyEditor
  return {
    value: () => editor.text,
    set(text) {
      editor = { text, at: text.length }
    },
    input(input) {
      if (input.type === "text" || input.type === "paste") {
        editor = insert(editor, input.text.replace(/\n/g, " ").replace(/\p{Cc}/gu, ""))
        return true
      }
      const next =
        input.type === "key" && !/enter|ctrl\+j/.test(input.name) ? edit(editor, input.name) : undefined
      if (next) editor = next
      return next !== undefined
    },
    draw(surface, x, y, width, focused) {
      const shown = (text: string) => (secret ? "•".repeat([...text].length) : text)
      const before = cutStart(shown(editor.text.slice(0, editor.at)), width - 1)
      const all = before + shown(editor.text.slice(editor.at))
      surface.fill({ x, y, width, height: 1 }, { underline: true, dim: !focused })
      surface.put(x, y, all, { underline: true, bold: focused }, x + width)
      if (focused) surface.cursor = { x: x + rowsOf({ text: before, at: before.length }, width + 1).x, y }
    },
  }
}

export type Row = {
  readonly label: string
  readonly detail?: string
  readonly heading?: boolean
  readonly mark?: string
}

/** A list with one chosen row that is always seen. */
export function drawRows(
  surface: Surface,
  box: { x: number; y: number; width: number; height: number },
  rows: readonly Row[],
  at: number,
): void {
  const first = Math.max(0, Math.min(at - Math.floor(box.height / 2), rows.length - box.height))
  for (const [n, row] of rows.slice(first, first + box.height).entries()) {
    const y = box.y + n
    const here = first + n === at && !row.heading
    if (row.heading) surface.put(box.x, y, cut(row.label, box.width), bold)
    else {
      const style = here ? chosen : {}
      const detail = cut(row.detail ?? "", Math.floor(box.width / 2))
      const space = box.width - widthOf(detail) - 2
      const end = box.x + box.width
      surface.put(box.x, y, pad(`${row.mark ?? " "} ${cut(row.label, space - 3)}`, box.width), style, end)
      surface.put(end - widthOf(detail) - 1, y, detail, here ? chosen : faint, end)
    }
  }
}
