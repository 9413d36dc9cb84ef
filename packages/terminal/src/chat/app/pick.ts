/** A list that is narrowed by writing: chats to go to, friends for a group, emoji, what was found. */

import { faint } from "../screen/style.ts"
import { bottomLine, createField, drawRows, type Row, titleBar } from "./parts.ts"
import type { Page, Shell } from "./shell.ts"

export type Picked = Row & { readonly id: string }
export type PickParts = {
  readonly title: string
  readonly hint?: string
  readonly query?: string
  /** Whether several may be chosen by the space bar. */
  readonly many?: boolean
  /** Keys of its own; true: it had a use for it. */
  key?(name: string, id: string | undefined): boolean
  /** With what is written; asked for each frame. `note` stands where nothing is. */
  rows(query: string): { readonly rows: readonly Picked[]; readonly note?: string }
  pick(ids: readonly string[], query: string): void
}

/** Where letters are commands nothing is written: `plain`. */
export function pickPage(shell: Shell, parts: PickParts, plain = false): Page {
  const field = createField()
  if (parts.query) field.set(parts.query)
  let at = 0
  let rows: readonly Picked[] = []
  const chosen = new Set<string>()
  const move = (by: number) => {
    const open = rows.flatMap((row, n) => (row.heading ? [] : [n]))
    const here = Math.max(0, open.indexOf(at))
    at = open[Math.max(0, Math.min(open.length - 1, here + by))] ?? 0
  }
  const find = () => {
    const found = parts.rows(field.value())
    rows = found.rows
    at = Math.min(at, Math.max(0, rows.length - 1))
    if (rows[at]?.heading) move(1)
    return found
  }
  const page: Page = {
    draw(surface) {
      titleBar(surface, parts.title)
      const found = find()
      const top = plain ? 2 : 3
      const box = { x: 1, y: top, width: surface.width - 2, height: surface.height - top - 1 }
      if (rows.length === 0) surface.put(2, top + 1, found.note ?? "", faint)
      const marked = parts.many ? rows.map((row) => ({ ...row, mark: chosen.has(row.id) ? "●" : "○" })) : rows
      drawRows(surface, box, marked, at)
      if (!plain) field.draw(surface, 2, 1, surface.width - 4, true)
      bottomLine(surface, parts.hint ?? (parts.many ? shell.words.chooseMany : shell.words.chooseOne))
    },
    input(input) {
      const key = input.type === "key" ? input.name : plain && input.type === "text" ? input.text : ""
      // Whoever writes faster than is drawn chooses of what they have written, not of what was there before.
      if (key === "enter") find()
      const id = rows[at]?.heading ? undefined : rows[at]?.id
      if (parts.key?.(key, id)) return true
      if (key === "up" || (plain && key === "k")) move(-1)
      else if (key === "down" || (plain && key === "j")) move(1)
      else if (key === "pageup") move(-10)
      else if (key === "pagedown") move(10)
      else if (key === "escape") shell.close(page)
      else if (key === "enter") {
        const ids = parts.many && chosen.size > 0 ? [...chosen] : id === undefined ? [] : [id]
        // Whoever has written a name means somebody: nobody is not what they chose.
        if (ids.length === 0 && (parts.many === undefined || field.value().trim() !== "")) return true
        shell.close(page)
        parts.pick(ids, field.value())
      } else if (parts.many && input.type === "text" && input.text === " ") {
        if (id !== undefined && !chosen.delete(id)) chosen.add(id)
      } else if (plain || !field.input(input)) return false
      else at = 0
      return true
    },
  }
  return page
}
