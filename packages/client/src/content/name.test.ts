import { expect, test } from "vitest"
import { checkText, cleanName, NAME_MAX, shownName } from "./name.ts"

test("nothing that cannot be seen stays in a name", () => {
  expect(cleanName("  bo\u202e\u2066\u200b\ufeff \n\t lan\u0000 ")).toBe("bo lan")
  expect(cleanName("\u202e\u200b\u3164\u2800")).toBe("")
  expect(cleanName("b\u3164o\u034f")).toBe("bo")
  expect(cleanName("bo\ud83d")).toBe("bo\ufffd")
})

test("a joiner stays where it joins, and nowhere else", () => {
  expect(cleanName("👩‍👩‍👧 क्‍ष ❤️‍🔥")).toBe("👩‍👩‍👧 क्‍ष ❤️‍🔥")
  expect(cleanName("bo\u200d")).toBe("bo")
  expect(cleanName("b\u200do")).toBe("bo")
})

test("marks are not piled upon a letter", () => {
  expect(cleanName(`a${"\u0337".repeat(40)}b`)).toBe("a\u0337\u0337\u0337b")
  expect(cleanName("Việt")).toBe("Việt")
})

test("too long is refused where it is written and cut where it is shown", () => {
  const long = "茶".repeat(10_000)
  expect(checkText(long, NAME_MAX)).toEqual({ ok: false, error: { kind: "name_too_long" } })
  expect(checkText("", NAME_MAX)).toEqual({ ok: true, value: "" })
  expect(shownName(long)).toHaveLength(NAME_MAX)
  expect(shownName("👩‍👩‍👧".repeat(20))).toBe("👩‍👩‍👧".repeat(8))
})
