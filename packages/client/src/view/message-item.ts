/** A message as a screen shows it: what was said, and what was done to it since. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Target } from "../content/core.ts"
import type { Content, Draft } from "../content/message.ts"
import { stickerLook } from "../content/sticker.ts"
import type { ReplyContent } from "../content/text.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import type { Mark } from "../history/marks.ts"
import type { Home } from "../home.ts"
import { roleIn } from "../room/card.ts"
import { EDIT_MS, mayArrange, RECALL_MS } from "../room/fold.ts"
import { lifeAt } from "../room/life.ts"
import { lineOf, preview, textOf } from "../room/preview.ts"
import type { RoomState } from "../room/state.ts"
import { aheadOf } from "./ahead.ts"
import { reachedBy, sentDelivery } from "./delivery.ts"
import { shownFile } from "./files.ts"
import { foldedAway } from "./folded.ts"
import { personIn } from "./person-in.ts"
import type { MessageItem, PollShown, Quote } from "./port/messages.ts"

/** Characters of a quoted message: as long as it takes to say which. */
const QUOTE = 200

/** undefined: no message, or none any more. Everything about it but its place, its sender and how far it has come. */
export async function messageBody(
  home: Home,
  /** Without one nothing is looked up: a copy answers nothing. */
  state: RoomState | undefined,
  content: Content | Draft,
  mark: Mark = {},
): Promise<
  Pick<MessageItem, "text" | "mentions" | "mentionsMe" | "body" | "reply" | "forwarded"> | undefined
> {
  const text = textOf(content)
  if (text === undefined) return undefined
  const plain = { text, mentions: [], body: { kind: "text" } } as const
  switch (content.kind) {
    case "text": {
      const now = mark.edit ?? content
      const mentions = now.mentions ?? []
      const me = home.account.user
      return {
        ...plain,
        text: now.text,
        mentions,
        ...(mentions.some(({ user }) => user === me || user === "all") ? { mentionsMe: true } : {}),
        ...(content.reply && state
          ? { reply: await quoteOf(home, state, content.reply, content.reply) }
          : {}),
        ...(content.forwarded ? { forwarded: true } : {}),
      }
    }
    case "file":
      return {
        ...plain,
        body: { kind: "file", file: shownFile(content) },
        ...(content.reply && state
          ? { reply: await quoteOf(home, state, content.reply, content.reply) }
          : {}),
        ...(content.forwarded ? { forwarded: true } : {}),
      }
    case "sticker": {
      const look = stickerLook(content.picture)
      return {
        ...plain,
        ...(look ? { body: { kind: "sticker", sticker: { width: look.width, height: look.height } } } : {}),
        ...(content.reply && state
          ? { reply: await quoteOf(home, state, content.reply, content.reply) }
          : {}),
        ...(content.forwarded ? { forwarded: true } : {}),
      }
    }
    case "poll":
      return { ...plain, body: { kind: "poll", poll: pollShown(home, content, mark) } }
    case "bundle": {
      const { title } = content
      const items = content.items.map(({ sticker, file, ...line }) => ({
        ...line,
        ...(sticker ? { sticker } : {}),
        ...(file ? { file: shownFile(file) } : {}),
      }))
      return { ...plain, body: { kind: "bundle", bundle: { title, items } }, forwarded: true }
    }
    default:
      return plain
  }
}

function pollShown(
  home: Home,
  { question, options, multiple }: { question: string; options: readonly string[]; multiple: boolean },
  { votes = [], ended = false }: Mark,
): PollShown {
  const shown = options.map((text, at) => {
    const users = votes.filter(({ choices }) => choices.includes(at)).map(({ user }) => user)
    return {
      text,
      people: users.map((user) => home.people.person(user)),
      mine: users.includes(home.account.user),
    }
  })
  return { question, multiple, ended, options: shown }
}

/** What this device has at a position, with what was done to it. */
export async function lookUp(
  home: Home,
  state: RoomState,
  seq: number,
): Promise<{ readonly entry: HistoryEntry; readonly mark: Mark; readonly content?: Content } | undefined> {
  const { meta } = state
  const ahead = await aheadOf(home, state)
  const block = await home.history.block(meta.room, meta.incarnation, Math.floor(seq / SEGMENT))
  const entry = ahead.entries.get(seq) ?? block.find((one) => one.seq === seq)
  if (!entry) return undefined
  const mark = ahead.marks.get(seq) ?? (await home.marks.get(meta.room, meta.incarnation, seq)) ?? {}
  const content = contentOf(entry)
  return { entry, mark, ...(content ? { content } : {}) }
}

/** `told`: what an answer says of a message that was before this device's time. */
export async function quoteOf(
  home: Home,
  state: RoomState,
  { seq, n }: Target,
  told?: ReplyContent,
): Promise<Quote> {
  const { meta } = state
  const found = await lookUp(home, state, seq)
  const right = found?.entry.n === n && found.entry.kind === 0 ? found : undefined
  const user = right?.entry.user ?? told?.user ?? home.account.user
  const from = personIn(home, meta, user)
  if (foldedAway(home, meta, user)) return { seq, from, text: "", blocked: true }
  const line = right?.content && preview(right.content, right.mark.edit?.text, QUOTE)
  if (line) return { seq, from, ...line }
  // What a restored house has lost is at no place any more.
  if (told && (n === 0 || (!found && seq <= meta.joined.seq))) {
    const { sticker, bundle } = told
    return {
      ...{ seq, from, text: lineOf(told.text, QUOTE) },
      ...(sticker ? { sticker } : {}),
      ...(bundle ? { bundle } : {}),
    }
  }
  return { seq, from, text: "", gone: true }
}

export async function messageItem(
  home: Home,
  state: RoomState,
  entry: HistoryEntry,
  content: Content,
  mark: Mark = {},
): Promise<MessageItem | undefined> {
  const body = entry.user && (await messageBody(home, state, content, mark))
  if (!body || !entry.user) return undefined
  const { group } = state
  const { meta, waiting, undone } = await aheadOf(home, state)
  const { seq, time: at, user } = entry
  const me = home.account.user
  const mine = user === me
  const person = (id: Id) => personIn(home, meta, id)
  const age = home.clock() - at
  const open = meta.standing === "open"
  const expires = "expires" in content ? content.expires : undefined
  const others = meta.users.length - (meta.users.includes(me) ? 1 : 0)
  return {
    type: "message",
    key: entry.key ?? `${entry.device}:${entry.n}`,
    seq,
    at,
    from: person(user),
    mine,
    ...(foldedAway(home, meta, user) ? { blocked: true } : {}),
    ...body,
    ...(mark.edit ? { edited: true } : {}),
    reactions: (mark.reactions ?? []).map(({ emoji, users }) => ({
      emoji,
      people: users.map(person),
      mine: users.includes(me),
    })),
    ...(waiting.has(seq) ? { waiting: true } : {}),
    ...(undone.has(seq) ? { undone: undone.get(seq) ?? [] } : {}),
    ...(meta.pins?.includes(seq) ? { pinned: true } : {}),
    ...(home.kept.favourite(meta.room, lifeAt(meta, seq), seq) ? { favourite: true } : {}),
    ...(expires === undefined ? {} : { expiresAt: at + expires * 1000 }),
    ...(mine ? { delivery: sentDelivery(home, meta, seq) } : {}),
    ...(mine && meta.kind === "group" && home.settings.value().readReceipts
      ? { readBy: { read: reachedBy(home, meta, seq).read.length, of: others } }
      : {}),
    may: {
      edit: mine && open && content.kind === "text" && age < EDIT_MS,
      recall: mine && open && age < RECALL_MS,
      pin: open && mayArrange(meta, roleIn(group, me)),
    },
  }
}
