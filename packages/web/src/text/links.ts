/**
 * UX 19. Stock linkifiers swallow what follows in Chinese: `看https://a.com/b，很好`. Here a link begins with a scheme or
 * www, has RFC 3986's ASCII only, so it ends at Han and full-width characters, gives back closing punctuation, and must
 * be accepted by `new URL()`.
 */
export type Piece = { readonly text: string; readonly href?: string }

const candidate = /(?<![A-Za-z0-9@])(?:https?:\/\/|www\.)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]{1,2048}/gi

/** Punctuation that ends a sentence, and brackets that were opened outside of the link. */
function trim(link: string): string {
  for (;;) {
    const last = link.at(-1) ?? ""
    if (/[.,;:!?'*~]/.test(last)) link = link.slice(0, -1)
    else if (last === ")" && count(link, ")") > count(link, "(")) link = link.slice(0, -1)
    else if (last === "]" && count(link, "]") > count(link, "[")) link = link.slice(0, -1)
    else return link
  }
}
const count = (text: string, sign: string) => text.split(sign).length - 1

function hrefOf(link: string): string | undefined {
  let url: URL
  try {
    url = new URL(/^www\./i.test(link) ? `https://${link}` : link)
  } catch {
    return undefined
  }
  const host = url.hostname
  const named = /^[^.]+(?:\.[^.]+)+$/.test(host) || host === "localhost" || host.startsWith("[")
  return named && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined
}

export function cutLinks(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(candidate)) {
    const link = trim(match[0])
    const href = hrefOf(link)
    if (!href) continue
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push({ text: link, href })
    end = match.index + link.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}
