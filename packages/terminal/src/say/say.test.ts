import { errors } from "@teahouse/protocol/error.ts"
import { expect, test } from "vitest"
import { lineOf } from "../commands/output.ts"
import { tongueOf } from "./language.ts"
import { plain } from "./plain.ts"
import { sentenceOf } from "./sentences.ts"

test("nothing that others wrote commands a terminal", () => {
  expect(plain("\u001b]0;owned\u0007 \u001b[31mred\u001b[0m \u009b2J")).toBe("]0;owned [31mred[0m 2J")
  expect(plain("photo\u202egpj.exe")).toBe("photogpj.exe")
  expect(plain("a\tb\r\nc\u2028d")).toBe("a    b c d")
  expect(plain("a\r\nb\rc", true)).toBe("a\nb\nc")
  expect(plain("zero\u200bwidth\ufeff \ud800 half")).toBe("zerowidth  half")
  expect(plain("茶馆 🍵 👩‍👩‍👧 é ελ עברית")).toBe("茶馆 🍵 👩‍👩‍👧 é ελ עברית")
  for (let code = 0; code < 0x10000; code++) {
    const shown = plain(String.fromCharCode(code), true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(shown)).toBe(false)
  }
})

test("a JSON line has no character that commands, and says the same", () => {
  const value = { text: "\u001b[2J\u0007\u009b1mx\u202e\u2028\u007f茶" }
  const line = lineOf(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/)
  expect(JSON.parse(line)).toEqual(value)
})

test("the person's language", () => {
  expect(tongueOf({ LANG: "zh_CN.UTF-8" })).toBe("zh")
  expect(tongueOf({ LANG: "zh_CN.UTF-8", LC_ALL: "en_US.UTF-8" })).toBe("en")
  expect(tongueOf({ LANG: "de_DE.UTF-8" })).toBe("en")
  expect(tongueOf({ LANG: "C" }, "zh")).toBe("zh")
})

test("a newer house's error has a sentence too", () => {
  for (const kind of Object.keys(errors)) expect(sentenceOf(kind as "malformed").zh).toMatch(/。$/)
  expect(sentenceOf("not_known_yet" as "internal")).toEqual(sentenceOf("internal"))
})
