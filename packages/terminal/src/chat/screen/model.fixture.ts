/** A small model of a terminal: it reads what is written to one, and knows what a person would see. */
import { widthOf } from "./width.ts"

export type Model = {
  write(text: string): void
  resize(width: number, height: number): void
  lines(): string[]
  looks(): string[]
  cursor(): { x: number; y: number }
  /** Modes that are set, as "?1049". */
  readonly modes: ReadonlySet<string>
  bells(): number
}

const segmenter = new Intl.Segmenter("zh", { granularity: "grapheme" })
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal reads
const SEQUENCE = /^\x1b(?:\[([?>=]?)([0-9;]*)([A-Za-z])|([78=>])|[_\]P][^\x07\x1b]*(?:\x07|\x1b\\))/

const inClusters = (words: string) => Array.from(segmenter.segment(words), ({ segment }) => segment)

/** `signsOf`: what it takes for one sign; there are terminals that go by code points. */
export function createModel(startWidth: number, startHeight: number, signsOf = inClusters): Model {
  let [width, height] = [startWidth, startHeight]
  type Cell = { text: string; style: string }
  const blank = (): Cell => ({ text: " ", style: "" })
  const empty = () => Array.from({ length: width * height }, blank)
  let cells = empty()
  let [x, y, style, rest, bells] = [0, 0, "", "", 0]
  const modes = new Set<string>()

  const put = (text: string) => {
    const wide = widthOf(text)
    if (wide === 0) return
    const at = y * width + x
    for (let n = 0; n < wide; n++) {
      if (cells[at + n]?.text === "" && n === 0) cells[at - 1] = blank()
      if (cells[at + n + 1]?.text === "" && n === wide - 1) cells[at + n + 1] = blank()
    }
    cells[at] = { text, style }
    if (wide === 2) cells[at + 1] = { text: "", style }
    x += wide
  }
  const control = (mark: string, parameters: string, final: string) => {
    const numbers = parameters.split(";").map(Number)
    if (final === "H") [y, x] = [(numbers[0] || 1) - 1, (numbers[1] || 1) - 1]
    else if (final === "J") cells = empty()
    else if (final === "m") style = `\x1b[${parameters}m`
    else if (final === "h" && mark) modes.add(mark + parameters)
    else if (final === "l" && mark) modes.delete(mark + parameters)
  }
  return {
    modes,
    bells: () => bells,
    write(text) {
      rest += text
      while (rest !== "") {
        if (rest.startsWith("\x1b")) {
          const found = SEQUENCE.exec(rest)
          if (!found) return
          rest = rest.slice(found[0].length)
          if (found[3]) control(found[1] ?? "", found[2] ?? "", found[3])
          continue
        }
        // The last cluster may go on in what comes next.
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal reads
        const words = /^[^\x00-\x1f]+/.exec(rest)?.[0] ?? ""
        for (const sign of signsOf(words)) put(sign)
        rest = rest.slice(words.length)
        if (words !== "") continue
        if (rest[0] === "\r") x = 0
        else if (rest[0] === "\n") y += 1
        else if (rest[0] === "\x07") bells += 1
        rest = rest.slice(1)
      }
    },
    resize(nextWidth, nextHeight) {
      ;[width, height] = [nextWidth, nextHeight]
      cells = empty()
    },
    lines: () =>
      Array.from({ length: height }, (_, row) =>
        cells
          .slice(row * width, (row + 1) * width)
          .map((cell) => cell.text)
          .join("")
          .replace(/ +$/, ""),
      ),
    looks: () => cells.map((cell) => (cell.text.trim() === "" ? "" : cell.style)),
    cursor: () => ({ x, y }),
  }
}
