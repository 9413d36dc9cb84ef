/**
 * How many cells a text takes: by grapheme clusters (UAX 29), each of 0, 1 or 2 cells. East Asian wide and full width (UAX 11, from
 * `get-east-asian-width`) and whatever is shown as an emoji take two; combining signs take none of their own. Ambiguous ones
 * take one, as terminals outside of old Chinese code pages draw them.
 */
import { eastAsianWidth } from "get-east-asian-width"

export type Cluster = { readonly text: string; readonly width: 0 | 1 | 2 }

const segmenter = new Intl.Segmenter("zh", { granularity: "grapheme" })
const NOTHING = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{M}]+$/u
const EMOJI = /^\p{RGI_Emoji}$/v
/** In one cluster with the sign before, and yet a cell of their own: Thai and Lao sara am, half-width kana's voice marks. */
const SPACING = /[\u0e33\u0eb3\uff9e\uff9f]/
/** Printable ASCII needs none of this, and is most of what a screen has. */
const ASCII = /^[ -~]*$/

export function widthOfCluster(text: string): 0 | 1 | 2 {
  if (NOTHING.test(text)) return 0
  if (EMOJI.test(text)) return 2
  const code = text.codePointAt(0) ?? 0
  return eastAsianWidth(code) === 2 || SPACING.test(text) ? 2 : 1
}

/** Before a further letter of a conjunct (UAX 29, GB9c). Hangul's jamo are one block, and sara am is counted with its consonant. */
const LETTERS = /(?<=.)(?=[\p{Lo}--[\p{Script=Hangul}\u0e33\u0eb3]])/v

export function clusters(text: string): Cluster[] {
  if (ASCII.test(text)) return [...text].map((one) => ({ text: one, width: 1 }))
  return [...segmenter.segment(text)].flatMap(({ segment }) => cells(segment))
}

/**
 * A conjunct (स्ते) is a cell for each of its letters: that is how terminals count that go by code points, and to the others each is given
 * at a place of its own. As one sign in one cell its second letter was left standing, or was overwritten.
 */
function cells(segment: string): Cluster[] {
  const one = (text: string): Cluster => ({ text, width: widthOfCluster(text) })
  return segment.length === 1 ? [one(segment)] : segment.split(LETTERS).map(one)
}

/** The most cells that a terminal takes for it, which may count each of its code points; one or two where all are agreed. */
export function reachOf(text: string): number {
  if (text.length === 1) return eastAsianWidth(text.charCodeAt(0)) === 2 ? 2 : 1
  let cells = 0
  for (const sign of text)
    if (FLAG.test(sign)) cells += 2
    else if (SPACING_MARK.test(sign) || !NOTHING.test(sign))
      cells += eastAsianWidth(sign.codePointAt(0) ?? 0) === 2 ? 2 : 1
  return cells
}
const FLAG = /\p{Regional_Indicator}/u
const SPACING_MARK = /\p{Mc}/u

export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const cluster of clusters(text)) width += cluster.width
  return width
}

/** At most `width` cells of it; what is cut ends in `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  if (width < 1) return ""
  let [kept, used] = ["", 0]
  for (const cluster of clusters(text)) {
    if (used + cluster.width > width - 1) break
    kept += cluster.text
    used += cluster.width
  }
  return `${kept}…`
}

/** Its last cells, for a field whose end is looked at. */
export function cutStart(text: string, width: number): string {
  const all = clusters(text)
  let [from, used] = [all.length, 0]
  for (; from > 0; from--) {
    used += all[from - 1]?.width ?? 0
    if (used > width) break
  }
  return all
    .slice(from)
    .map((one) => one.text)
    .join("")
}

/** To exactly `width` cells. */
export function pad(text: string, width: number): string {
  const shown = cut(text, width)
  return shown + " ".repeat(Math.max(0, width - widthOf(shown)))
}

/** Closing signs do not begin a line (UAX 14, CL and the Chinese habit 避头点). */
const NOT_FIRST = /^[,.;:!?)\]}、。，．；：！？）」』】》〉…—～%]/u

/**
 * Lines of at most `width` cells. Words stay whole where they fit, Chinese breaks anywhere but before a closing sign, longer words are
 * cut. Line ends of the text stay. Never empty.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split("\n")) lines.push(...wrapOne(paragraph, Math.max(2, width)))
  return lines
}

function wrapOne(text: string, width: number): string[] {
  const all = clusters(text)
  const lines: string[] = []
  let start = 0
  while (start < all.length) {
    let [end, used] = [start, 0]
    /** After which cluster the line may end. */
    let breakAt = 0
    for (; end < all.length; end++) {
      const one = all[end] as Cluster
      if (used + one.width > width && one.text !== " ") break
      used += one.width
      const next = all[end + 1]
      if (one.text === " " || one.width === 2 || next?.width === 2)
        if (!next || !NOT_FIRST.test(next.text)) breakAt = end + 1
    }
    if (end < all.length && breakAt > start) end = breakAt
    if (end === start) end += 1
    const line = all.slice(start, end)
    lines.push(
      line
        .map((one) => one.text)
        .join("")
        .replace(/ +$/, end < all.length ? "" : "$&"),
    )
    start = end
  }
  return lines.length > 0 ? lines : [""]
}
