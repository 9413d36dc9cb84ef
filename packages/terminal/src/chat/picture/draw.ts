/// <reference path="./pngjs.d.ts" />
/** A picture for a terminal: as its own graphics where it says that it can, else as half blocks, two pixels to a cell. */
import type { Style } from "../screen/style.ts"
import type { Able } from "./able.ts"
import { type Pixels, scaled } from "./pixels.ts"
import { sixel } from "./sixel.ts"

export type HalfBlocks = readonly (readonly Style[])[]
export type Drawing = {
  readonly columns: number
  readonly rows: number
  /** By row and column; each is drawn as `▀`. */
  readonly blocks: HalfBlocks
  /** The terminal's own graphics, drawn at the upper left corner. */
  readonly native?: { readonly data: string; readonly erase: string }
}

let ids = 0

export async function drawPicture(
  pixels: Pixels,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  able: Able,
): Promise<Drawing> {
  const blocks = halfBlocks(pixels, columns, rows)
  const { cell, graphics } = able
  if (graphics === "none") return { columns, rows, blocks }
  const fine = scaled(pixels, Math.min(1_600, columns * cell.width), Math.min(1_200, rows * cell.height))
  if (graphics === "sixel") return { columns, rows, blocks, native: { data: sixel(fine), erase: "" } }
  if (graphics === "kitty") return { columns, rows, blocks, native: kitty(fine, columns, rows) }
  return { columns, rows, blocks, native: { data: await iterm(fine, columns, rows), erase: "" } }
}

function halfBlocks(pixels: Pixels, columns: number, rows: number): HalfBlocks {
  const { data } = scaled(pixels, columns, rows * 2)
  const at = (x: number, y: number) => {
    const from = (y * columns + x) * 4
    return { r: data[from] ?? 0, g: data[from + 1] ?? 0, b: data[from + 2] ?? 0 }
  }
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x): Style => ({ fg: at(x, y * 2), bg: at(x, y * 2 + 1) })),
  )
}

/** kitty's graphics protocol: raw RGBA in pieces of 4096 characters, placed over so many cells, the cursor stays. */
function kitty({ width, height, data }: Pixels, columns: number, rows: number) {
  const id = ++ids
  const text = Buffer.from(data).toString("base64")
  let out = ""
  for (let from = 0; from < text.length; from += 4096) {
    const more = from + 4096 < text.length ? 1 : 0
    const head = from === 0 ? `a=T,f=32,s=${width},v=${height},c=${columns},r=${rows},i=${id},C=1,q=2,` : ""
    out += `\x1b_G${head}m=${more};${text.slice(from, from + 4096)}\x1b\\`
  }
  return { data: out, erase: `\x1b_Ga=d,d=i,i=${id},q=2\x1b\\` }
}

/** iTerm2's inline images (OSC 1337), also of WezTerm. */
async function iterm({ width, height, data }: Pixels, columns: number, rows: number): Promise<string> {
  const { PNG } = await import("pngjs")
  const png = new PNG({ width, height })
  png.data.set(data)
  const bytes = PNG.sync.write(png)
  const how = `size=${bytes.length};width=${columns};height=${rows};preserveAspectRatio=0;doNotMoveCursor=1;inline=1`
  return `\x1b]1337;File=${how}:${bytes.toString("base64")}\x07`
}
