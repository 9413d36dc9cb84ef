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

/** One line, with what a screen says in the person's own language. */
export type Line = {
  readonly text: string
  readonly sticker?: true
  /** Several forwarded as one: `text` is its title. What is in it is read where it is. */
  readonly bundle?: true
}

/** `text`: as it is now, where it was edited. */
export function preview(
  content: Content | Draft,
  text = textOf(content),
  length = PREVIEW,
): Line | undefined {
  if (text === undefined) return undefined
  if (content.kind === "bundle") return { text: lineOf(content.title, length), bundle: true }
  return { text: lineOf(text, length), ...(content.kind === "sticker" ? { sticker: true } : {}) }
}
