/**
 * `virtual:emoji`: the picker's table, made from emojibase's Chinese and English data when the page is built, with the pinyin
 * of every Chinese word, so that a search in the page needs no dictionary. A part of its own, loaded with the picker.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { pinyin } from "pinyin-pro"
import type { Plugin } from "vite"
import type { EmojiRow } from "../src/emoji/table.ts"

type Skin = { readonly emoji: string; readonly tone?: number | readonly number[] }
type Full = Skin & {
  readonly label: string
  readonly hexcode: string
  readonly tags?: readonly string[]
  readonly order?: number
  readonly group?: number
  readonly version: number
  readonly skins?: readonly Skin[]
}

const require = createRequire(import.meta.url)
const read = (language: string): readonly Full[] =>
  JSON.parse(readFileSync(require.resolve(`emojibase-data/${language}/data.json`), "utf8"))

/** What systems of the last years can draw; newer ones would be empty boxes. */
const NEWEST = 15.1
/** Skin and hair by themselves. */
const COMPONENTS = 2
const TONES = 5

/** Signs that are pictures by themselves come without the selector that says so: it is how keyboards send them. */
const plainest = (emoji: string) => emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1")

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

export function emojiRows(): EmojiRow[] {
  const chinese = new Map(read("zh").map((each) => [each.hexcode, each]))
  return read("en")
    .filter(({ group, version }) => group !== undefined && group !== COMPONENTS && version <= NEWEST)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((each) => {
      const zh = chinese.get(each.hexcode)
      const words = zh ? [zh.label, ...(zh.tags ?? [])] : []
      const group = each.group ?? 0
      const row: EmojiRow = [
        plainest(each.emoji),
        group > COMPONENTS ? group - 1 : group,
        each.label,
        zh?.label ?? each.label,
        (each.tags ?? []).join(" "),
        [...words.slice(1), spoken(words)].join(" "),
      ]
      const tones = tonesOf(each)
      if (!tones) return row
      const [emoji, at, en, zh_, wordsEn, wordsZh] = row
      return [emoji, at, en, zh_, wordsEn, wordsZh, tones]
    })
}

/** The same emoji in each of the five tones; of couples those where both have the same. */
function tonesOf({ skins }: Full): string[] | undefined {
  if (!skins) return undefined
  const found = Array.from({ length: TONES }, (_, index) =>
    skins.find(({ tone }) => [tone].flat().every((each) => each === index + 1)),
  )
  return found.every((each) => each !== undefined) ? found.map(({ emoji }) => emoji) : undefined
}

const NAME = "virtual:emoji"
const RESOLVED = `\0${NAME}`

export const emoji = (): Plugin => ({
  name: "teahouse:emoji",
  resolveId: (id) => (id === NAME ? RESOLVED : undefined),
  load: (id) =>
    id === RESOLVED ? `export default JSON.parse(${JSON.stringify(JSON.stringify(emojiRows()))})` : undefined,
})
