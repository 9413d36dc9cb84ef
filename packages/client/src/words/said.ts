/** What was said: a sticker has a word in each language, alone or in what is forwarded as one; everything else its own text. */
import type { BundleShown } from "../view/port/messages.ts"
import type { Happened } from "./happened.ts"

type Body = { readonly kind: string } | { readonly kind: "bundle"; readonly bundle: BundleShown }
type Said =
  | { readonly text: string; readonly sticker?: true; readonly bundle?: true }
  | { readonly text: string; readonly body: Body }

/** What a message answers, or what is pinned: nobody asks for it to be unfolded. */
export const quoted = (
  quote: Said & { readonly gone?: boolean; readonly blocked?: true },
  text: Happened,
): string => (quote.gone ? text.quoteGone : quote.blocked ? text.blockedSaid : said(quote, text))

export function said(one: Said, text: Happened): string {
  if (!("body" in one))
    return one.sticker ? text.stickerSaid : one.bundle ? text.bundleSaid(one.text) : one.text
  const { body } = one
  if (body.kind === "sticker") return text.stickerSaid
  if (!("bundle" in body) || !body.bundle.items.some(({ sticker }) => sticker)) return one.text
  const { title, items } = body.bundle
  return [title, ...items.map((line) => `${line.name}: ${said(line, text)}`)].join("\n")
}
