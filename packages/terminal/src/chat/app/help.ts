/** The key table and the commands as a page. */
import type { Tongue } from "../../say/language.ts"
import { bold } from "../screen/style.ts"
import { pad, widthOf } from "../screen/width.ts"
import { keyName, keyTable, said, slashTable, type Where } from "./keys.ts"
import { bottomLine, titleBar } from "./parts.ts"
import type { Page, Shell } from "./shell.ts"
import type { Words } from "./words.ts"

export function helpLines(words: Words, tongue: Tongue): { text: string; heading?: true }[] {
  const lines: { text: string; heading?: true }[] = []
  const parts: readonly (readonly [Where, string])[] = [
    ["chat", words.keysChat],
    ["writing", words.keysWriting],
    ["message", words.keysMessage],
  ]
  const line = (left: string, right: string) => lines.push({ text: `  ${pad(left, 24)} ${right}` })
  for (const [where, heading] of parts) {
    lines.push({ text: heading, heading: true })
    for (const row of keyTable)
      if (row.where === where) line(row.keys.map(keyName).join("  "), said(row, tongue))
    lines.push({ text: "" })
  }
  lines.push({ text: words.commands, heading: true })
  for (const row of Object.values(slashTable)) line(row.use, said(row, tongue))
  return lines
}

export function helpPage(shell: Shell): Page {
  let top = 0
  const lines = helpLines(shell.words, shell.tongue)
  let height = 20
  const page: Page = {
    draw(surface) {
      height = surface.height - 3
      top = Math.max(0, Math.min(top, lines.length - height))
      titleBar(surface, shell.words.help)
      for (const [n, { text, heading }] of lines.slice(top, top + height).entries())
        surface.put(2, 2 + n, text, heading ? bold : {})
      const more = lines.length > top + height ? " ↓" : ""
      bottomLine(surface, shell.words.helpHint)
      surface.put(surface.width - widthOf(more) - 1, surface.height - 2, more)
    },
    input(input) {
      const key = input.type === "key" ? input.name : input.type === "text" ? input.text : ""
      if (key === "up" || key === "k") top -= 1
      else if (key === "down" || key === "j") top += 1
      else if (key === "pageup") top -= height
      else if (key === "pagedown" || key === " ") top += height
      else if (/^(escape|enter|q|\?|f1)$/.test(key)) shell.close(page)
      else return false
      return true
    },
  }
  return page
}
