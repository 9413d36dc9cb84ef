/**
 * Mentions inside formatted text. The parser of rich.ts knows no positions, so each mention goes through it as one sign of a
 * private plane that no keyboard has, and is put back when the parts are drawn. Such signs in what a person wrote are
 * replaced first, so that nobody makes a mention by typing one.
 */
import type { Mention } from "@teahouse/client/view/port/messages.ts"

const FIRST = 0xf0000
const MOST = 500
const signs = /[\u{F0000}-\u{F01F4}]/gu

export type Mentioned = { readonly user: Mention["user"]; readonly text: string }

export function hideMentions(
  text: string,
  mentions: readonly Mention[],
): { readonly text: string; readonly found: readonly Mentioned[] } {
  if (mentions.length === 0 && text.search(signs) < 0) return { text, found: [] }
  const found: Mentioned[] = []
  let out = ""
  let at = 0
  for (const { user, from, length } of [...mentions].sort((a, b) => a.from - b.from)) {
    if (from < at || length < 1 || from + length > text.length || found.length >= MOST) continue
    out += clean(text.slice(at, from)) + String.fromCodePoint(FIRST + found.length)
    found.push({ user, text: text.slice(from, from + length) })
    at = from + length
  }
  return { text: out + clean(text.slice(at)), found }
}

const clean = (text: string) => text.replace(signs, "\uFFFD")

/** One part of the parsed text, cut at its mentions. */
export function cutMentions(text: string, found: readonly Mentioned[]): (string | Mentioned)[] {
  if (found.length === 0) return [text]
  const pieces: (string | Mentioned)[] = []
  let at = 0
  for (const { 0: sign, index } of text.matchAll(signs)) {
    if (index > at) pieces.push(text.slice(at, index))
    const mention = found[(sign.codePointAt(0) ?? 0) - FIRST]
    if (mention) pieces.push(mention)
    at = index + sign.length
  }
  if (at < text.length) pieces.push(text.slice(at))
  return pieces
}

/** The same as plain words, for code. */
export const showMentions = (text: string, found: readonly Mentioned[]): string =>
  cutMentions(text, found)
    .map((piece) => (typeof piece === "string" ? piece : piece.text))
    .join("")
