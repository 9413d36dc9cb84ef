import { GROUPS, searchEmoji, toned } from "@teahouse/client/emoji/table.ts"
import { describe, expect, test } from "vitest"
import { emojiRows } from "../../build/emoji.ts"

describe("UX 31: emoji", () => {
  const rows = emojiRows()
  const first = (query: string, n = 12) =>
    searchEmoji(rows, query)
      .slice(0, n)
      .map(([emoji]) => emoji)

  test("all groups are there, in the usual order", () => {
    expect(rows.length).toBeGreaterThan(1_700)
    expect(new Set(rows.map(([, group]) => group)).size).toBe(GROUPS)
    expect(rows[0]?.[0]).toBe("😀")
  })
  test("are found in English, Chinese and pinyin", () => {
    for (const query of ["tea", "茶", "cha"])
      expect([query, first(query)]).toEqual([query, expect.arrayContaining(["🍵"])])
    for (const query of ["dog", "狗", "gou"])
      expect([query, first(query)]).toEqual([query, expect.arrayContaining(["🐶"])])
    for (const query of ["thumbs", "拇指", "muzhi"])
      expect([query, first(query, 20)]).toEqual([query, expect.arrayContaining(["👍"])])
    expect(first("red heart")[0]).toBe("❤️")
    expect(first("xyzzy")).toEqual([])
    expect(first("  ")).toEqual([])
  })
  test("one skin tone holds for all that have skin", () => {
    const wave = rows.find(([emoji]) => emoji === "👋")
    const tea = rows.find(([emoji]) => emoji === "🍵")
    expect(wave && [toned(wave, 0), toned(wave, 1), toned(wave, 5)]).toEqual(["👋", "👋🏻", "👋🏿"])
    expect(tea && toned(tea, 3)).toBe("🍵")
  })
})
