import { describe, expect, it } from "vitest"
import { type Block, type Inline, isFewEmoji, parseInline, parseText } from "./rich.ts"

const plain = (parts: readonly Inline[]): string =>
  parts
    .map((part) =>
      "parts" in part
        ? `<${part.type}>${plain(part.parts)}</>`
        : part.type === "text"
          ? part.text
          : `<${part.type}>${part.text}</>`,
    )
    .join("")
const show = (text: string) => plain(parseInline(text))
const types = (blocks: readonly Block[]) => blocks.map((block) => block.type)

describe("marks in a message", () => {
  it.each([
    ["a **b** c", "a <bold>b</> c"],
    ["这是**重点**吗", "这是<bold>重点</>吗"],
    ["*so* ~~not~~ `code*s*`", "<italic>so</> <strike>not</> <code>code*s*</>"],
    ["**a *b* c**", "<bold>a <italic>b</> c</>"],
    ["2*3*4", "2*3*4"],
    ["a * b * c", "a * b * c"],
    ["**open", "**open"],
    ["``", "``"],
    ["snake_case_name", "snake_case_name"],
    ["<b>x</b>", "<b>x</b>"],
  ])("%s", (text, shown) => {
    expect(show(text)).toBe(shown)
  })

  it("code blocks and quotes stand apart", () => {
    const blocks = parseText("a\n> b\n> c\nd\n```js\n**x**\n```\ne")
    expect(types(blocks)).toEqual(["text", "quote", "text", "code", "text"])
    expect(blocks[3]).toEqual({ type: "code", text: "**x**" })
  })

  it("an unfinished block is shown as typed", () => {
    expect(types(parseText("```\nabc"))).toEqual(["text"])
  })

  it.each(["*a ", "**", "~~a", "`", "```\n", "```x\n", "> ", "https://a.b/)", "www."])(
    "a whole message of %j is drawn within the test's own limit",
    (piece) => {
      const text = piece.repeat(65_536 / piece.length)
      expect(parseText(text).length).toBeGreaterThan(0)
      expect(parseText(`https://a.com/${text}`).length).toBeGreaterThan(0)
    },
  )

  it("one to three emoji alone are big", () => {
    expect(isFewEmoji("🍵")).toBe(true)
    expect(isFewEmoji("👩‍👩‍👧 🇨🇳👍🏽")).toBe(true)
    expect(isFewEmoji("🍵🍵🍵🍵")).toBe(false)
    expect(isFewEmoji("12")).toBe(false)
    expect(isFewEmoji("🍵!")).toBe(false)
  })
})
