/** Emoji by `:name:`: the names that chats have agreed upon, and words in English and Chinese as in the page's picker. Loaded with the first colon. */
import { emojiRows, type FullEmoji } from "@teahouse/client/emoji/rows.ts"
import { type EmojiRow, searchEmoji } from "@teahouse/client/emoji/table.ts"

import type { Editor } from "../input/editor.ts"

export type FoundEmoji = { readonly emoji: string; readonly name: string }
export type Emoji = {
  /** Best first. */
  search(query: string, most: number): FoundEmoji[]
  named(name: string): string | undefined
}

let loading: Promise<Emoji> | undefined
let loaded: Emoji | undefined

const once = (): Promise<Emoji> => {
  loading ??= loadEmoji()
  return loading
}

/** Undefined while it is being loaded; `then` is called when it is there. */
export function emojiNow(then: () => void): Emoji | undefined {
  if (!loaded)
    void once().then((emoji) => {
      loaded = emoji
      then()
    })
  return loaded
}

/** `:tea:` anywhere before the insertion point, not within a word or a time. */
const NAMED = /(?<![A-Za-z0-9:]):([\p{L}\p{N}_+-]{1,32}):/gu

export const hasNames = (text: string): boolean => text.search(NAMED) >= 0

/** What is named becomes what it names; other names stay as they are written. */
export async function withEmoji({ text, at }: Editor): Promise<Editor> {
  const emoji = await once()
  const put = (part: string) => part.replace(NAMED, (all, name: string) => emoji.named(name) ?? all)
  const before = put(text.slice(0, at))
  return { text: before + text.slice(at), at: before.length }
}

type Shortcodes = Readonly<Record<string, string | readonly string[]>>

export async function loadEmoji(): Promise<Emoji> {
  const json = { with: { type: "json" } } as const
  const [en, zh, codes] = await Promise.all([
    import("emojibase-data/en/data.json", json),
    import("emojibase-data/zh/data.json", json),
    import("emojibase-data/en/shortcodes/emojibase.json", json),
  ])
  const english = en.default as unknown as readonly FullEmoji[]
  const rows = emojiRows(english, zh.default as unknown as readonly FullEmoji[])
  const shortcodes = codes.default as Shortcodes
  const byEmoji = new Map(rows.map((row) => [row[2], row]))
  const names: (readonly [name: string, row: EmojiRow])[] = []
  const first = new Map<string, string>()
  for (const { hexcode, label } of english) {
    const row = byEmoji.get(label)
    if (!row) continue
    for (const name of [shortcodes[hexcode] ?? []].flat()) {
      names.push([name, row])
      if (!first.has(row[0])) first.set(row[0], name)
    }
  }
  const nameOf = (row: EmojiRow) => first.get(row[0]) ?? row[2].replaceAll(" ", "_")
  const exact = new Map(names.map(([name, row]) => [name, row[0]]))
  return {
    named: (name) => exact.get(name.toLowerCase()),
    search(query, most) {
      const word = query.toLowerCase()
      const found = new Map<string, FoundEmoji>()
      const add = (row: EmojiRow, name = nameOf(row)) => {
        if (found.size < most && !found.has(row[0])) found.set(row[0], { emoji: row[0], name })
      }
      const begins = names.filter(([name]) => name.startsWith(word)).sort(([a], [b]) => a.length - b.length)
      for (const [name, row] of begins) add(row, name)
      for (const row of searchEmoji(rows, word.replaceAll("_", " "))) add(row)
      return [...found.values()]
    },
  }
}

/** `:tea` before the insertion point; undefined where no name is being written. */
export const nameBefore = (text: string): string | undefined =>
  /(?:^|[^A-Za-z0-9:]):([\p{L}\p{N}_+-]{1,32})$/u.exec(text)?.[1]
