import fc from "fast-check"
import { expect, test } from "vitest"
import { utf8 } from "./bytes.ts"
import { normalizeUsername } from "./username.ts"

test.each([
  ["latin", "lilei", "lilei"],
  ["upper case", "LiLei", "lilei"],
  ["Han", "李雷", "李雷"],
  ["Han and Latin", "李Lei_2.0-x", "李lei_2.0-x"],
  ["full-width letters and digits", "Ｌｉ２０", "li20"],
  ["full-width signs", "li＿lei．x", "li_lei.x"],
  ["a compatibility form", "ﬁn", "fin"],
  ["accents, composed or not", "Jose\u0301", "jos\u00e9"],
  ["space around", "  lilei ", "lilei"],
  ["a digit first", "9li", "9li"],
  ["two code points", "ab", "ab"],
  ["32 Han characters are 96 bytes", "茶".repeat(32), "茶".repeat(32)],
  ["a rare Han character is one code point", "𠮷𠮷", "𠮷𠮷"],
])("%s", (_, input, normal) => {
  expect(normalizeUsername(input)).toBe(normal)
})

test.each([
  ["nothing", ""],
  ["one character", "李"],
  ["33 characters", "a".repeat(33)],
  ["more than 96 bytes", "𠮷".repeat(25)],
  ["emoji", "tea🍵"],
  ["space inside", "li lei"],
  ["an ideographic space inside", "li　lei"],
  ["a sign first", "_li"],
  ["a dot first", ".li"],
  ["a dash first", "-li"],
  ["Cyrillic that looks Latin", "аdmin"],
  ["Greek", "λίλει"],
  ["Kana", "ちゃ"],
  ["a zero-width joiner", "li\u200dlei"],
  ["a right-to-left mark", "li\u202elei"],
  ["a control character", "li\u0000lei"],
  ["an at sign", "li@lei"],
  ["a slash", "li/lei"],
  ["a lone surrogate", "li\ud800"],
  ["a megabyte", "a".repeat(1_000_000)],
])("refused: %s", (_, input) => {
  expect(normalizeUsername(input)).toBeUndefined()
})

test("the normal form is its own normal form, and fits a certificate", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (input) => {
      const name = normalizeUsername(input)
      if (name === undefined) return
      expect(normalizeUsername(name)).toBe(name)
      expect(utf8(name).length).toBeLessThanOrEqual(96)
    }),
    { numRuns: 2000 },
  )
})

test("names that differ only in case or width are one account", () => {
  const alphabet = fc.constantFrom(..."abcxyz0189_.-李雷茶馆")
  fc.assert(
    fc.property(fc.string({ unit: alphabet, minLength: 2, maxLength: 32 }), (name) => {
      const wide = [...name]
        .map((c) => (c >= "!" && c <= "~" ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c))
        .join("")
      expect(normalizeUsername(name.toUpperCase())).toBe(normalizeUsername(name))
      expect(normalizeUsername(wide)).toBe(normalizeUsername(name))
    }),
  )
})
