import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, test } from "vitest"
import { cutMentions, hideMentions, showMentions } from "./mentioned.ts"
import { parseText } from "./rich.ts"

const wei = "wei" as Id

describe("UX 11: mentions in formatted text", () => {
  test("stand where they were, also inside bold and quotes", () => {
    const text = "> look **@张伟** now\n@所有人 come"
    const mentions = [
      { user: wei, from: text.indexOf("@张伟"), length: 3 },
      { user: "all" as const, from: text.indexOf("@所有人"), length: 4 },
    ]
    const hidden = hideMentions(text, mentions)
    const blocks = parseText(hidden.text)
    expect(blocks.map(({ type }) => type)).toEqual(["quote", "text"])
    expect(showMentions(hidden.text, hidden.found)).toBe(text)
    expect(cutMentions(hidden.text.split("\n")[1] ?? "", hidden.found)).toEqual([
      { user: "all", text: "@所有人" },
      " come",
    ])
  })
  test("ranges that lie beside the text or over one another are left out", () => {
    const hidden = hideMentions("@张伟 hi", [
      { user: wei, from: 0, length: 3 },
      { user: wei, from: 1, length: 3 },
      { user: wei, from: 4, length: 90 },
    ])
    expect(hidden.found).toEqual([{ user: wei, text: "@张伟" }])
  })
  test("nobody makes one by typing its sign", () => {
    const hidden = hideMentions("\u{F0000} @张伟", [{ user: wei, from: 3, length: 3 }])
    expect(hidden.found).toHaveLength(1)
    expect(showMentions(hidden.text, hidden.found)).toBe("\uFFFD @张伟")
  })
})
