/** A content as text, and as one line of a list; undefined where it is no message. */
import type { Content, Draft } from "../content/message.ts"
import { STICKER_TEXT } from "../content/sticker.ts"

const PREVIEW = 200

/** The whole message as text: what is copied, announced, searched and quoted. */
export function textOf(content: Content | Draft): string | undefined {
  switch (content.kind) {
    case "text":
      return content.text
    case "poll":
      return [content.question, ...content.options.map((option) => `- ${option}`)].join("\n")
    case "bundle":
      return [content.title, ...content.items.map(({ name, text }) => `${name}: ${text}`)].join("\n")
    case "file":
      return content.caption ?? content.name
    case "sticker":
      return STICKER_TEXT
    case "unknown":
      return content.alt
    default:
      return undefined
  }
}

/** One line, no longer than a list, a quote or a notification shows. */
export const lineOf = (text: string, length = PREVIEW): string => {
  const line = text
    .slice(0, 8 * length)
    .replace(/\s+/g, " ")
    .trim()
  return [...line.slice(0, 2 * length)].slice(0, length).join("")
}

export function preview(content: Content | Draft): string | undefined {
  const text = textOf(content)
  return text === undefined ? undefined : lineOf(text)
}
