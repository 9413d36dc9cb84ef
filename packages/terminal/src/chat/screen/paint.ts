/**
 * From one surface to the next: only what differs is written. Each run begins with an absolute position, so that a terminal which counts
 * a sign's width otherwise is put right at the next run; after a sign whose width terminals disagree upon, one begins at once.
 */
import { type Style, sgr } from "./style.ts"
import type { Placed, Surface } from "./surface.ts"
import { reachOf } from "./width.ts"

/** DEC private mode 2026: shown as a whole; unknown modes are ignored (ECMA-48). */
const [BEGIN, END] = ["\x1b[?2026h", "\x1b[?2026l"]
const to = (x: number, y: number) => `\x1b[${y + 1};${x + 1}H`

const alike = (a: Style, b: Style) => a === b || sgr(a, true) === sgr(b, true)
/** One code point of one or two cells is drawn alike everywhere. */
const certain = (text: string) => text.length === 1 || /^[\u{1f300}-\u{1faff}]$/u.test(text)

/** `before` undefined: nothing is known of what is on the terminal. */
export function paint(before: Surface | undefined, after: Surface, deep: boolean): string {
  const { width, height, cells } = after
  const same = before?.width === width && before.height === height ? before : undefined
  let out = same ? "" : "\x1b[0m\x1b[2J"
  const dirty = new Set<number>()
  const gone = (same?.pictures ?? []).filter((one) => !after.pictures.some((other) => isSame(one, other)))
  for (const picture of gone) {
    out += picture.erase
    for (const at of cellsOf(picture, width)) dirty.add(at)
  }
  let style: Style | undefined
  for (let y = 0; y < height; y++) {
    /** Where the terminal's cursor stands in this row. */
    let here = -1
    /** Up to where the terminal may have put more than we count: written anew, whatever stood there. */
    let unsure = 0
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const cell = cells[at]
      const old = same?.cells[at]
      if (!cell || cell.text === "") {
        if (old && old.text !== "") unsure = Math.max(unsure, x + reachOf(old.text))
        continue
      }
      const halved = cells[at + 1]?.text === "" && x + 1 < width
      const unchanged = old?.text === cell.text && alike(old.style, cell.style) && !dirty.has(at)
      const bare = !same && cell.text === " " && Object.keys(cell.style).length === 0
      if (x >= unsure && (unchanged || bare)) continue
      unsure = Math.max(unsure, x + reachOf(cell.text), x + (old ? reachOf(old.text) : 0))
      if (here !== x) out += to(x, y)
      if (!style || !alike(style, cell.style)) out += sgr(cell.style, deep)
      style = cell.style
      out += cell.text
      here = certain(cell.text) ? x + (halved ? 2 : 1) : -1
    }
  }
  for (const picture of after.pictures) {
    const kept =
      same?.pictures.some((one) => isSame(one, picture)) && !gone.some((one) => overlap(one, picture))
    if (!kept) out += to(picture.x, picture.y) + picture.data
  }
  const { cursor } = after
  const old = before?.cursor
  if (out === "" && cursor?.x === old?.x && cursor?.y === old?.y) return ""
  const end = cursor ? `${to(cursor.x, cursor.y)}\x1b[?25h` : ""
  return `${BEGIN}\x1b[?25l${out}${style ? "\x1b[0m" : ""}${end}${END}`
}

const isSame = (a: Placed, b: Placed) =>
  a.name === b.name && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
const overlap = (a: Placed, b: Placed) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

function* cellsOf({ x, y, width, height }: Placed, row: number): Iterable<number> {
  for (let dy = 0; dy < height; dy++) for (let dx = 0; dx < width; dx++) yield (y + dy) * row + x + dx
}
