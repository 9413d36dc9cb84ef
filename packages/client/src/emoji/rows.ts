/**
 * The table of emoji, made from emojibase's English and Chinese data (its `data.json`): once for the page, when it is built, and in the
 * terminal when somebody types a colon.
 */
import type { EmojiRow } from "./table.ts"

type Skin = { readonly emoji: string; readonly tone?: number | readonly number[] }
export type FullEmoji = Skin & {
  readonly label: string
  readonly hexcode: string
  readonly tags?: readonly string[]
  readonly order?: number
  readonly group?: number
  readonly version: number
  readonly skins?: readonly Skin[]
}

/** What systems of the last years can draw; newer ones would be empty boxes. */
const NEWEST = 15.1
/** Skin and hair by themselves. */
const COMPONENTS = 2
const TONES = 5

/** Signs that are pictures by themselves come without the selector that says so: it is how keyboards send them. */
const plainest = (emoji: string) => emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1")

/** `spoken`: how its Chinese words sound, for finding them by pinyin. */
export function emojiRows(
  english: readonly FullEmoji[],
  inChinese: readonly FullEmoji[],
  spoken: (words: readonly string[]) => string = () => "",
): EmojiRow[] {
  const chinese = new Map(inChinese.map((each) => [each.hexcode, each]))
  return english
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
function tonesOf({ skins }: FullEmoji): string[] | undefined {
  if (!skins) return undefined
  const found = Array.from({ length: TONES }, (_, index) =>
    skins.find(({ tone }) => [tone].flat().every((each) => each === index + 1)),
  )
  return found.every((each) => each !== undefined) ? found.map(({ emoji }) => emoji) : undefined
}
