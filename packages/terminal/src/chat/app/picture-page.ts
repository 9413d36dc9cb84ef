/** One picture as large as the window: the file itself where it can be decoded, else a sentence. */
import type { FileAt } from "@teahouse/client/view/port/files.ts"
import { type Drawing, drawPicture } from "../picture/draw.ts"
import { cellsFor, decodePicture, type Pixels } from "../picture/pixels.ts"
import { faint } from "../screen/style.ts"
import { bottomLine, titleBar } from "./parts.ts"
import { type Files, readFile } from "./saving.ts"
import type { Page, Shell } from "./shell.ts"

/** A larger file is only saved. */
const MOST = 32 * 1024 * 1024

export function picturePage(shell: Shell, files: Files, at: FileAt, name: string): Page {
  let pixels: Pixels | "none" | undefined
  let drawing: Drawing | undefined
  let drawnFor = ""
  shell.run(async () => {
    const bytes = await readFile(files.client, at, MOST)
    pixels = (bytes && (await decodePicture(bytes))) ?? "none"
    shell.redraw()
  })
  const page: Page = {
    draw(surface) {
      const { words } = shell
      titleBar(surface, name)
      bottomLine(surface, "Esc")
      const most = { columns: surface.width - 2, rows: surface.height - 3 }
      const size = `${most.columns}x${most.rows}`
      if (pixels === "none" || !pixels) {
        surface.put(2, 2, pixels ? words.pictureUnreadable : words.working, faint)
        return
      }
      if (drawnFor !== size) {
        drawnFor = size
        drawing = undefined
        const decoded = pixels
        shell.run(async () => {
          drawing = await drawPicture(
            decoded,
            cellsFor({ width: decoded.width * 9, height: decoded.height * 9 }, most),
            shell.able(),
          )
          shell.redraw()
        })
      }
      if (!drawing) return
      const x = Math.floor((surface.width - drawing.columns) / 2)
      for (const [row, blocks] of drawing.blocks.entries())
        for (const [n, style] of blocks.entries()) surface.put(x + n, 2 + row, "▀", style)
      if (drawing.native)
        surface.pictures.push({
          ...{ x, y: 2, width: drawing.columns, height: drawing.rows, name: drawing.native.data },
          ...drawing.native,
        })
    },
    input(input) {
      if (input.type !== "key" && input.type !== "text") return false
      shell.close(page)
      return true
    },
  }
  return page
}
