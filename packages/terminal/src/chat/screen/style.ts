/** How a cell looks, as SGR (ECMA-48 8.3.117). Colours are the terminal's own sixteen, so that its theme holds; pictures have their own. */

/** 0–15: the terminal's palette. Above: `rgb`. */
export type Colour = number | { readonly r: number; readonly g: number; readonly b: number }

export type Style = {
  readonly fg?: Colour
  readonly bg?: Colour
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
  readonly inverse?: boolean
}

export const plainStyle: Style = {}
export const faint: Style = { dim: true }
export const bold: Style = { bold: true }
export const chosen: Style = { inverse: true }
export const accent: Style = { fg: 2 }
export const warning: Style = { fg: 1 }
export const link: Style = { fg: 6 }
export const notice: Style = { fg: 3 }

/** Terminals without 24-bit colours have a cube of 6 × 6 × 6. */
const cube = (part: number) => (part < 48 ? 0 : part < 115 ? 1 : Math.min(5, Math.floor((part - 35) / 40)))

function colour(value: Colour, base: 30 | 40, deep: boolean): string {
  if (typeof value === "number") return String(value < 8 ? base + value : base + 52 + value)
  const { r, g, b } = value
  return deep ? `${base + 8};2;${r};${g};${b}` : `${base + 8};5;${16 + 36 * cube(r) + 6 * cube(g) + cube(b)}`
}

export function sgr(style: Style, deep: boolean): string {
  const codes = ["0"]
  if (style.bold) codes.push("1")
  if (style.dim) codes.push("2")
  if (style.italic) codes.push("3")
  if (style.underline) codes.push("4")
  if (style.inverse) codes.push("7")
  if (style.fg !== undefined) codes.push(colour(style.fg, 30, deep))
  if (style.bg !== undefined) codes.push(colour(style.bg, 40, deep))
  return `\x1b[${codes.join(";")}m`
}
