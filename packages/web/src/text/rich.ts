/**
 * UX 20: text to a small tree – code blocks, quotes, bold, italic, strike, code, links – drawn as React nodes, never as
 * HTML. Marks count only where a word begins and ends (`2*3*4` stays), and what does not close is shown as it was typed.
 */
import { cutLinks } from "./links.ts"

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "link"; readonly text: string; readonly href: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "bold" | "italic" | "strike"; readonly parts: readonly Inline[] }
export type Block =
  | { readonly type: "text"; readonly parts: readonly Inline[] }
  | { readonly type: "quote"; readonly parts: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }

const marks = [
  { sign: "**", type: "bold" },
  { sign: "~~", type: "strike" },
  { sign: "*", type: "italic" },
] as const
const MAX_DEPTH = 4
const word = /[\p{L}\p{N}]/u
const han = /\p{Script=Han}/u
/** A Latin letter or digit on the outer side means that the sign is not a mark. Chinese has no spaces, so Han is fine. */
const inWord = (sign: string) => word.test(sign) && !han.test(sign)

/** Where a sign may close, in order. Found once for each text, so that a message full of signs costs no more than its length. */
function closings(text: string, sign: string): number[] {
  const found: number[] = []
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    const before = text[at - 1] ?? " "
    const after = text[at + sign.length] ?? " "
    if (before.trim() !== "" && !inWord(after) && !(sign === "*" && (after === "*" || before === "*")))
      found.push(at)
  }
  return found
}

export function parseInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = []
  let plain = ""
  const flush = () => {
    for (const piece of cutLinks(plain))
      parts.push(
        piece.href
          ? { type: "link", text: piece.text, href: piece.href }
          : { type: "text", text: piece.text },
      )
    plain = ""
  }
  const ends = marks.map(({ sign, type }) => ({ sign, type, at: closings(text, sign), next: 0 }))
  let at = 0
  while (at < text.length) {
    if (text[at] === "`") {
      const end = text.indexOf("`", at + 1)
      if (end > at + 1) {
        flush()
        parts.push({ type: "code", text: text.slice(at + 1, end) })
        at = end + 1
        continue
      }
    }
    const mark = depth < MAX_DEPTH ? ends.find(({ sign }) => text.startsWith(sign, at)) : undefined
    if (mark && !inWord(text[at - 1] ?? " ") && (text[at + mark.sign.length] ?? " ").trim() !== "") {
      const start = at + mark.sign.length
      while ((mark.at[mark.next] ?? Infinity) <= start) mark.next += 1
      const end = mark.at[mark.next]
      if (end !== undefined) {
        flush()
        parts.push({ type: mark.type, parts: parseInline(text.slice(start, end), depth + 1) })
        at = end + mark.sign.length
        continue
      }
    }
    plain += text[at]
    at += 1
  }
  flush()
  return parts
}

export function parseText(text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split("\n")
  // The last line that could close a block; behind it nothing needs to be looked for (keeps hostile input linear).
  const lastClosing = lines.findLastIndex((line) => closes.test(line))
  let begin = 0
  for (let at = 0; at < lastClosing; at++) {
    if (!opens.test(lines[at] ?? "")) continue
    const end = lines.findIndex((line, index) => index > at && closes.test(line))
    addLines(blocks, lines.slice(begin, at))
    blocks.push({ type: "code", text: lines.slice(at + 1, end).join("\n") })
    begin = end + 1
    at = end
  }
  addLines(blocks, lines.slice(begin))
  return blocks
}
const opens = /^```[^`]*$/
const closes = /^```[ \t]*$/

function addLines(blocks: Block[], from: readonly string[]): void {
  let type: "text" | "quote" | undefined
  let lines: string[] = []
  const flush = () => {
    if (type && lines.length > 0) blocks.push({ type, parts: parseInline(lines.join("\n")) })
    lines = []
  }
  for (const line of from) {
    const quote = /^>\s?(.*)$/.exec(line)
    const now = quote ? "quote" : "text"
    if (now !== type) flush()
    type = now
    lines.push(quote ? (quote[1] ?? "") : line)
  }
  flush()
}

/** Not \p{RGI_Emoji}: compiling that set of sequences takes hundreds of milliseconds, in the middle of opening a chat. */
const emoji = /^(?:\p{Regional_Indicator}{2}|\p{Emoji_Presentation}|\p{Emoji}\uFE0F|[0-9#*]\uFE0F?\u20E3)/u
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })
/** One to three emoji and nothing else: they are shown large. */
export function isFewEmoji(text: string): boolean {
  // Cutting a text into signs costs more than all else about drawing it, and hardly any begins with an emoji.
  if (text.length > 60 || !emoji.test(text.trimStart())) return false
  const parts = [...graphemes.segment(text)].filter(({ segment }) => segment.trim() !== "")
  return parts.length >= 1 && parts.length <= 3 && parts.every(({ segment }) => emoji.test(segment))
}
