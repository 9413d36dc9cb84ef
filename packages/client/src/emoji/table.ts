/** The emoji themselves, and finding one by a word in Chinese, English or pinyin (UX 31). Pure; the rows come from the build. */

/** Emoji, group 0–8, English name, Chinese name, English words, Chinese words with their pinyin, the five skin tones. */
export type EmojiRow = readonly [
  emoji: string,
  group: number,
  en: string,
  zh: string,
  wordsEn: string,
  wordsZh: string,
  tones?: readonly string[],
]

export const GROUPS = 9

/** 0: as it is; 1–5 from light to dark. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5

export const toned = (row: EmojiRow, tone: Tone): string => (tone > 0 && row[6]?.[tone - 1]) || row[0]

/**
 * Each word of the query must begin a word of the emoji; a Chinese one may stand anywhere. Names before other words, whole
 * words before beginnings, then the usual order.
 */
export function searchEmoji(rows: readonly EmojiRow[], query: string): EmojiRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const ranked: { readonly row: EmojiRow; readonly rank: number }[] = []
  for (const row of rows) {
    let rank = 0
    for (const word of words) {
      const one = rankOf(row, word)
      if (one === undefined) {
        rank = -1
        break
      }
      rank += one
    }
    if (rank >= 0) ranked.push({ row, rank })
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row)
}

const letters = /^[\p{Script=Latin}\p{N}]+$/u

function rankOf([emoji, , en, zh, wordsEn, wordsZh]: EmojiRow, word: string): number | undefined {
  if (emoji.startsWith(word)) return 0
  if (!letters.test(word)) {
    if (zh === word) return 0
    if (zh.includes(word)) return 1
    return wordsZh.split(" ").some((each) => each.startsWith(word))
      ? 2
      : wordsZh.includes(word)
        ? 3
        : undefined
  }
  const english = en.toLowerCase()
  if (english === word) return 0
  if (` ${english} ${wordsEn} ${wordsZh} `.includes(` ${word} `)) return 1
  if (has(english, word)) return 2
  return has(wordsEn, word) || has(wordsZh, word) ? 3 : undefined
}

const has = (words: string, beginning: string) => ` ${words}`.includes(` ${beginning}`)
