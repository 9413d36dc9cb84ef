/** A content as one line of a list; undefined where it shows nothing. */
import type { Content } from "../content/message.ts"

const PREVIEW = 200

export function textOf(content: Content): string | undefined {
  if (content.kind === "text") return content.text
  return content.kind === "unknown" ? content.alt : undefined
}

export function preview(content: Content): string | undefined {
  const text = textOf(content)
  if (text === undefined) return undefined
  const line = text.replace(/\s+/g, " ").trim()
  return [...line.slice(0, 2 * PREVIEW)].slice(0, PREVIEW).join("")
}
