/** Sixel graphics (DEC, VT340): six rows of pixels in a band, one pass for each colour of a fixed cube of 6 × 6 × 6. */
import type { Pixels } from "./pixels.ts"

const LEVELS = 6
const level = (part: number) => Math.min(LEVELS - 1, Math.round((part / 255) * (LEVELS - 1)))

export function sixel({ width, height, data }: Pixels): string {
  const colours = new Uint8Array(width * height)
  for (let n = 0; n < colours.length; n++) {
    const [r, g, b] = [data[n * 4] ?? 0, data[n * 4 + 1] ?? 0, data[n * 4 + 2] ?? 0]
    colours[n] = level(r) * LEVELS * LEVELS + level(g) * LEVELS + level(b)
  }
  let out = `\x1bP0;1q"1;1;${width};${height}`
  for (const colour of new Set(colours)) {
    const [r, g, b] = [Math.floor(colour / 36), Math.floor(colour / 6) % 6, colour % 6]
    out += `#${colour};2;${r * 20};${g * 20};${b * 20}`
  }
  for (let top = 0; top < height; top += 6) {
    const band = colours.subarray(top * width, Math.min(height, top + 6) * width)
    for (const colour of new Set(band)) {
      let line = ""
      for (let x = 0; x < width; x++) {
        let bits = 0
        for (let y = 0; y * width + x < band.length; y++) if (band[y * width + x] === colour) bits |= 1 << y
        line += String.fromCharCode(63 + bits)
      }
      out += `#${colour}${repeated(line)}$`
    }
    out += "-"
  }
  return `${out}\x1b\\`
}

/** DECGRI: `!12~` for twelve of them. */
const repeated = (line: string): string =>
  line.replace(/(.)\1{3,}/gs, (run, one: string) => `!${run.length}${one}`)
