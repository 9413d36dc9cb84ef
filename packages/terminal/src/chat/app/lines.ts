/** A chat's items as lines of cells. Pure but for pictures, which are asked for and come later. */
import type { MessageItem, Timeline, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { eventText } from "@teahouse/client/words/event-text.ts"
import { quoted, said } from "@teahouse/client/words/said.ts"
import { lengthText, sizeText } from "@teahouse/client/words/size.ts"
import { clock, PAUSE_MS, separator, type TimeStyle } from "@teahouse/client/words/time.ts"
import { plain } from "../../say/plain.ts"
import { type Sentence, sentenceOf } from "../../say/sentences.ts"
import type { Drawing } from "../picture/draw.ts"
import { accent, bold, faint, link, notice, type Style, warning } from "../screen/style.ts"
import { cut, wrap } from "../screen/width.ts"
import type { Words } from "./words.ts"

export type Line = {
  readonly parts: readonly (readonly [text: string, style: Style])[]
  readonly centre?: boolean
  readonly right?: readonly [text: string, style: Style]
  /** A row of a picture, as half blocks. */
  readonly blocks?: readonly Style[]
  /** The row at which the terminal's own graphics begin. */
  readonly picture?: Drawing
}
/** What belongs to one item; `item` where it can be chosen. */
export type Entry = { readonly key: string; readonly item?: MessageItem; readonly lines: readonly Line[] }

export type Laying = {
  readonly words: Words
  readonly style: TimeStyle
  readonly zh: boolean
  readonly width: number
  now(): number
  /** "none": it cannot be shown. Undefined: not yet. */
  picture(item: MessageItem): Drawing | "none" | undefined
}

const line = (text: string, style: Style = {}): Line => ({ parts: [[text, style]] })
const centred = (text: string, style: Style): Line => ({ parts: [[text, style]], centre: true })

export function entriesOf({ items, unreadFrom }: Timeline, laying: Laying): Entry[] {
  const { words, style, now, width } = laying
  const entries: Entry[] = []
  let before: TimelineItem | undefined
  let told = false
  for (const item of items) {
    const pause = !before || item.at - before.at >= PAUSE_MS
    if (pause)
      entries.push({
        key: `time ${item.key}`,
        lines: [line(""), centred(separator(item.at, now(), style), faint)],
      })
    if (!told && unreadFrom !== undefined && (item.seq ?? Number.POSITIVE_INFINITY) >= unreadFrom) {
      told = true
      entries.push({ key: "unread", lines: [centred(`── ${words.newMessages} ──`, notice)] })
    }
    if (item.type === "event") {
      const lines = wrap(plain(eventText(item.event, words)), width - 4)
      entries.push({ key: item.key, lines: lines.map((text) => centred(text, faint)) })
    } else {
      const goesOn =
        !pause && before?.type === "message" && before.from.user === item.from.user && !item.reply
      entries.push({ key: item.key, item, lines: messageLines(item, goesOn, laying) })
    }
    before = item
  }
  return entries
}

function messageLines(item: MessageItem, goesOn: boolean, laying: Laying): Line[] {
  const { words, style, width } = laying
  const lines: Line[] = []
  const inner = width - 2
  if (!goesOn) {
    const name = item.mine ? words.you : plain(item.from.name)
    const head: [string, Style][] = [
      [cut(name, inner - 12), item.mine ? { ...bold, ...accent } : { ...bold, ...link }],
    ]
    head.push([`  ${clock(item.at, style)}`, faint])
    lines.push({ parts: head })
  }
  if (item.reply) {
    const { from } = item.reply
    const text = plain(`${from.name}: ${quoted(item.reply, words)}`)
    lines.push(line(`  ▏${cut(text, inner - 2)}`, faint))
  }
  if (item.forwarded) lines.push(line(`  ${words.forwarded}`, faint))
  lines.push(...bodyLines(item, laying, inner))
  if (item.reactions.length > 0) {
    const text = item.reactions.map(({ emoji, people }) => `${plain(emoji)} ${people.length}`).join("  ")
    for (const one of wrap(text, inner)) lines.push(line(`  ${one}`, faint))
  }
  for (const { error } of item.undone ?? [])
    lines.push(line(`  ! ${sayError(sentenceOf(error.kind), laying)}`, warning))
  if (item.delivery === "refused")
    for (const one of wrap(
      words.refusedWhy(sayError(sentenceOf(item.error?.kind ?? "internal"), laying)),
      inner,
    ))
      lines.push(line(`  ${one}`, warning))
  return marked(lines, item, words)
}

const sayError = ({ zh, en }: Sentence, laying: Laying) => (laying.zh ? zh : en)

/** How it stands, at the right of its last line. */
function marked(lines: Line[], item: MessageItem, words: Words): Line[] {
  const marks: string[] = []
  if (item.edited) marks.push(words.edited)
  if (item.lost) marks.push(words.lostMark)
  if (item.pinned) marks.push("📌")
  if (item.readBy) marks.push(words.readBy(item.readBy.read, item.readBy.of))
  let style = faint
  if (item.waiting || item.delivery === "waiting") marks.push(words.sending)
  else if (item.delivery === "refused") style = warning
  else if (item.delivery) {
    marks.push(words[item.delivery])
    if (item.delivery === "read") style = accent
  }
  const last = lines.at(-1)
  if (last && marks.length > 0) lines[lines.length - 1] = { ...last, right: [marks.join(" "), style] }
  return lines
}

function bodyLines(item: MessageItem, laying: Laying, width: number): Line[] {
  const { words } = laying
  // Room for the marks at the right of the last line.
  const inner = Math.max(8, width - (item.mine ? 10 : 0))
  const text = (what: string, style: Style = {}) =>
    wrap(plain(what, true), inner).map((one) => line(`  ${one}`, style))
  if (item.blocked) return text(words.blockedSaid, faint)
  const { body } = item
  const toned: Style = item.mentionsMe ? { bold: true } : {}
  switch (body.kind) {
    case "file": {
      const { name, size, media, caption } = body.file
      const kinds = { image: words.picture, video: words.film, audio: words.sound, voice: words.sound }
      const kind = media ? kinds[media.kind] : words.file
      const length = media?.duration === undefined ? "" : ` · ${lengthText(media.duration)}`
      const lines = text(`[${kind}] ${name} · ${sizeText(size)}${length}`, link)
      const visual = media?.kind === "image" || media?.kind === "video"
      const drawing = visual ? laying.picture(item) : undefined
      if (drawing === "none") lines.push(...text(words.pictureUnreadable, faint))
      else if (drawing)
        for (const [n, blocks] of drawing.blocks.entries())
          lines.push({ parts: [], blocks, ...(n === 0 ? { picture: drawing } : {}) })
      if (caption) lines.push(...text(caption, toned))
      return lines
    }
    case "poll": {
      const { question, options, ended } = body.poll
      const lines = text(`[${words.poll}${ended ? ` · ${words.pollEnded}` : ""}] ${question}`, link)
      for (const option of options)
        lines.push(...text(`${option.mine ? "●" : "○"} ${option.text}  ${option.people.length}`))
      return lines
    }
    case "bundle": {
      const { title, items } = body.bundle
      const lines = text(words.bundleSaid(title), link)
      for (const one of items.slice(0, 6)) lines.push(...text(`▏${one.name}: ${said(one, words)}`, faint))
      if (items.length > 6) lines.push(...text("▏…", faint))
      return lines
    }
    default:
      return text(said(item, words), toned)
  }
}
