/**
 * `virtual:emoji`: the picker's table, made from emojibase's Chinese and English data when the page is built, with the pinyin
 * of every Chinese word, so that a search in the page needs no dictionary. A part of its own, loaded with the picker.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { type FullEmoji, emojiRows as rowsOf } from "@teahouse/client/emoji/rows.ts"
import type { EmojiRow } from "@teahouse/client/emoji/table.ts"
import { pinyin } from "pinyin-pro"
import type { Plugin } from "vite"

const require = createRequire(import.meta.url)
const read = (language: string): readonly FullEmoji[] =>
  JSON.parse(readFileSync(require.resolve(`emojibase-data/${language}/data.json`), "utf8"))

const spoken = (words: readonly string[]): string => {
  const found = new Set<string>()
  for (const word of words) {
    const parts = pinyin(word, { toneType: "none", type: "array", v: true, nonZh: "consecutive" })
    found.add(parts.join("").toLowerCase().replaceAll(" ", ""))
    found.add(
      parts
        .map((part) => part.slice(0, 1))
        .join("")
        .toLowerCase(),
    )
  }
  return [...found].join(" ")
}

export const emojiRows = (): EmojiRow[] => rowsOf(read("en"), read("zh"), spoken)

const NAME = "virtual:emoji"
const RESOLVED = `\0${NAME}`

export const emoji = (): Plugin => ({
  name: "teahouse:emoji",
  resolveId: (id) => (id === NAME ? RESOLVED : undefined),
  load: (id) =>
    id === RESOLVED ? `export default JSON.parse(${JSON.stringify(JSON.stringify(emojiRows()))})` : undefined,
})
