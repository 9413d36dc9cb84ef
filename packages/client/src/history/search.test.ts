import { expect, test } from "vitest"
import { matcher } from "./search.ts"

const found = (query: string, text: string) => {
  const hit = matcher(query)(text)
  return hit?.match && hit.text.slice(hit.match.from, hit.match.from + hit.match.length)
}

test("any part of a text is found, in any writing, whatever its case and width", () => {
  expect(found("茶", "我们去喝茶吧")).toBe("茶")
  expect(found("喝茶", "我们去喝茶吧")).toBe("喝茶")
  expect(found("TEA", "green Tea")).toBe("Tea")
  expect(found("tea", "ＴＥＡ house")).toBe("ＴＥＡ")
  expect(found("ab", "ﬁrst ab")).toBe("ab")
  expect(found("e", "green")).toBe("e")
  expect(found("水", "我们去喝茶吧")).toBeUndefined()
})

test("a long text is cut around the place, on one line, and the place stays right", () => {
  const text = `${"before ".repeat(50)}\n\n the needle \n${"after ".repeat(50)}`
  const hit = matcher("needle")(text)
  expect(hit?.text.length).toBeLessThan(220)
  expect(hit?.text).not.toContain("\n")
  expect(found("needle", text)).toBe("needle")
})

test("an empty query takes everything", () => {
  expect(matcher(" ")("one\ntwo")).toEqual({ text: "one two" })
})
