/**
 * A page to read, which needs nothing but itself and the files beside it. What others wrote stands in it as
 * text and as nothing else: every value passes `escaped`, and the page's own policy forbids scripts should that ever fail.
 * A received file that a browser would run as a page (HTML, SVG) is named and not linked.
 */

import { endingOf, shownName } from "@teahouse/client/view/file-name.ts"
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { eventText } from "@teahouse/client/words/event-text.ts"
import { quoted, said } from "@teahouse/client/words/said.ts"
import { sizeText } from "@teahouse/client/words/size.ts"
import { clock, type TimeStyle } from "@teahouse/client/words/time.ts"
import type { Text } from "../../text/en.ts"
import { type FileOut, type FilesOut, lineKey } from "./record.ts"

export type PageStyle = { readonly text: Text; readonly time: TimeStyle }

const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)

/** A path beside the page, as an address. */
export const address = (path: string) => escaped(path.split("/").map(encodeURIComponent).join("/"))
const runs = /^(?:x?html?|xht|shtml|svgz?|xml|xsl|xslt|mht|mhtml|js|mjs|hta|swf|url|webloc|desktop)$/

const look = `:root{color-scheme:light dark}
body{max-width:46rem;margin:0 auto;padding:1rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h2{font-size:.9rem;text-align:center;margin:2rem 0 1rem;opacity:.75}
article{margin:0 0 .9rem;padding:.5rem .8rem;border-radius:.8rem;background:#8881}
article.mine{background:#2a81}
header{display:flex;gap:.6rem;font-size:.85rem;align-items:baseline}
header time,.note{opacity:.75;font-size:.85rem}
p{margin:.2rem 0;white-space:pre-wrap}
p.event{text-align:center;font-size:.85rem;opacity:.8}
blockquote{margin:.3rem 0;padding-inline-start:.6rem;border-inline-start:3px solid #8888;opacity:.85}
img,video{max-width:100%;max-height:30rem;display:block;margin:.3rem 0}
img.sticker{max-width:160px;max-height:160px}
dl{margin:.2rem 0}
dt{float:inline-start;clear:inline-start;margin-inline-end:.6rem;opacity:.75}
dd{margin:0}
figure{display:inline-block;margin:.5rem}
ul{margin:.3rem 0;padding-inline-start:1.2rem}`

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; media-src 'self' file:"

/** A page with this title around what `body` yields, which is escaped already. */
export async function* pageAround(
  title: string,
  { time }: PageStyle,
  body: AsyncIterable<string>,
): AsyncIterable<string> {
  yield `<!doctype html>
<html lang="${time.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${look}</style>
</head>
<body>
<h1><bdi>${escaped(title)}</bdi></h1>
`
  yield* body
  yield "</body>\n</html>\n"
}

export async function* linesOf(
  lines: AsyncIterable<TimelineItem>,
  files: FilesOut,
  style: PageStyle,
): AsyncIterable<string> {
  const { text, time } = style
  const days = new Intl.DateTimeFormat(time.locale, {
    dateStyle: "full",
    ...(time.timeZone && { timeZone: time.timeZone }),
  })
  let day = ""
  for await (const item of lines) {
    const now = days.format(item.at)
    if (now !== day) yield `<h2>${escaped(now)}</h2>\n`
    day = now
    yield item.type === "event"
      ? `<p class="event">${escaped(eventText(item.event, text))}</p>\n`
      : article(item, files, style)
  }
}

/** `where`: what a line that stands alone has to say besides. */
export function article(item: MessageItem, files: FilesOut, style: PageStyle, where = ""): string {
  const { text, time } = style
  const { reply, reactions } = item
  const notes = [
    where,
    item.forwarded ? text.exportForwarded : "",
    item.edited ? text.exportEdited : "",
    item.lost ? text.lostMark : "",
  ].filter(Boolean)
  return [
    `<article${item.mine ? ' class="mine"' : ""}>`,
    `<header><strong><bdi>${escaped(item.from.name)}</bdi></strong> `,
    `<time datetime="${new Date(item.at).toISOString()}">${escaped(clock(item.at, time))}</time>`,
    ...notes.map((note) => ` <span class="note">${escaped(note)}</span>`),
    "</header>",
    reply && !reply.gone
      ? `<blockquote><bdi>${escaped(reply.from.name)}</bdi>: ${escaped(quoted(reply, text))}</blockquote>`
      : "",
    bodyOf(item, files, text, time),
    reactions.length > 0
      ? `<p class="note">${reactions
          .map(
            ({ emoji, people }) => `${escaped(emoji)} ${people.map(({ name }) => escaped(name)).join(", ")}`,
          )
          .join(" · ")}</p>`
      : "",
    "</article>\n",
  ].join("")
}

function bodyOf(item: MessageItem, files: FilesOut, text: Text, time: TimeStyle): string {
  const { body } = item
  switch (body.kind) {
    case "text":
      return `<p>${escaped(item.text)}</p>`
    case "sticker":
      return stickerOf(item, files, text)
    case "file": {
      const { caption } = body.file
      return fileOf(body.file, files.get(item.key), text) + (caption ? `<p>${escaped(caption)}</p>` : "")
    }
    case "poll": {
      const options = body.poll.options.map(
        (one) =>
          `<li>${escaped(one.text)} (${one.people.length}) ${one.people.map(({ name }) => escaped(name)).join(", ")}</li>`,
      )
      return `<p>${escaped(text.poll)}: ${escaped(body.poll.question)}</p><ul>${options.join("")}</ul>`
    }
    case "bundle": {
      const items = body.bundle.items.map((one, line) => {
        const who = `<bdi>${escaped(one.name)}</bdi> <span class="note">${escaped(clock(one.at, time))}</span>`
        const file = one.file && fileOf(one.file, files.get(lineKey(item.key, line)), text)
        const words = one.file?.name === one.text ? "" : `\n${escaped(said(one, text))}`
        return `<p>${who}${words}</p>${file ?? ""}`
      })
      return `<blockquote><p>${escaped(body.bundle.title)}</p>${items.join("")}</blockquote>`
    }
  }
}

function stickerOf(item: MessageItem, files: FilesOut, text: Text): string {
  const file = files.get(item.key)
  const words = escaped(said(item, text))
  if (!file || "missing" in file) return `<p>${words}</p>`
  return `<img class="sticker" src="${address(file.path)}" alt="${words}" loading="lazy">`
}

function fileOf({ name, size }: ShownFile, file: FileOut | undefined, text: Text): string {
  const shown = `<bdi>${escaped(shownName(name))}</bdi> · ${sizeText(size)}`
  if (!file || "missing" in file)
    return `<p>${shown}</p><p class="note">${escaped(text.exportMissing(file?.missing ?? ""))}</p>`
  const to = address(file.path)
  if (file.shows === "image")
    return `<a href="${to}"><img src="${to}" alt="${escaped(name)}" loading="lazy"></a>`
  if (file.shows === "video") return `<video src="${to}" controls preload="none"></video><p>${shown}</p>`
  if (file.shows === "audio") return `<audio src="${to}" controls preload="none"></audio><p>${shown}</p>`
  return runs.test(endingOf(file.path))
    ? `<p>${shown} <span class="note">${escaped(file.path)}</span></p>`
    : `<p><a href="${to}">${shown}</a></p>`
}
