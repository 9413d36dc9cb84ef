/**
 * A screen's cells. Whatever is put on it goes through `plain` first: no text, whoever wrote it, reaches the terminal with a control
 * character in it. A wide cluster takes its cell and an empty one to its right, and neither is ever left alone.
 */
import { plain } from "../../say/plain.ts"
import { plainStyle, type Style } from "./style.ts"
import { clusters } from "./width.ts"

/** `text` is empty for the right half of a wide one. */
export type Cell = { readonly text: string; readonly style: Style }
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** A picture drawn by the terminal over blank cells. `data` is the whole sequence that draws it at the cursor. */
export type Placed = Box & { readonly name: string; readonly data: string; readonly erase: string }

export type Surface = {
  readonly width: number
  readonly height: number
  readonly cells: readonly Cell[]
  readonly pictures: Placed[]
  /** Where the insertion point is; the terminal puts an input method's window and its unfinished text there. */
  cursor?: { readonly x: number; readonly y: number }
  /** Gives the x after it. What does not fit into the row or before `end` is cut. */
  put(x: number, y: number, text: string, style?: Style, end?: number): number
  fill(box: Box, style?: Style): void
}

const blank: Cell = { text: " ", style: plainStyle }

export function createSurface(width: number, height: number): Surface {
  const cells: Cell[] = Array.from({ length: width * height }, () => blank)
  /** Whoever is overwritten by half becomes a blank. */
  const set = (x: number, y: number, cell: Cell) => {
    const at = y * width + x
    const old = cells[at]
    if (old?.text === "" && x > 0 && cell.text !== "") cells[at - 1] = { ...blank, style: old.style }
    const next = cells[at + 1]
    if (next?.text === "" && x + 1 < width) cells[at + 1] = { ...blank, style: next.style }
    cells[at] = cell
  }
  return {
    width,
    height,
    cells,
    pictures: [],
    put(x, y, text, style = plainStyle, end = width) {
      if (y < 0 || y >= height) return x
      const limit = Math.min(end, width)
      for (const cluster of clusters(plain(text))) {
        if (cluster.width === 0) continue
        if (x + cluster.width > limit) break
        if (x >= 0) {
          set(x, y, { text: cluster.text, style })
          if (cluster.width === 2) {
            set(x + 1, y, { text: "", style })
            cells[y * width + x] = { text: cluster.text, style }
          }
        }
        x += cluster.width
      }
      return x
    },
    fill(box, style = plainStyle) {
      for (let y = Math.max(0, box.y); y < Math.min(height, box.y + box.height); y++)
        for (let x = Math.max(0, box.x); x < Math.min(width, box.x + box.width); x++)
          set(x, y, { text: " ", style })
    },
  }
}

/** What a person sees, as lines; for tests and documents. */
export function linesOf({ width, height, cells }: Surface): string[] {
  return Array.from({ length: height }, (_, y) =>
    cells
      .slice(y * width, (y + 1) * width)
      .map((cell) => cell.text)
      .join("")
      .replace(/ +$/, ""),
  )
}
