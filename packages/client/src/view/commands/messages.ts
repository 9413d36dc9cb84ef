/** Writing: what a person says goes through here into the room (docs/path.md). */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { topics } from "../../changes.ts"
import { introduce } from "../../contact/introduce.ts"
import { MENTIONS_MAX, trimmed } from "../../content/core.ts"
import { FAVOURITE_BYTES, type FavouriteRecord } from "../../content/notebook.ts"
import type { Home } from "../../home.ts"
import type { Problem } from "../../problem.ts"
import { roleIn } from "../../room/card.ts"
import { EDIT_MS, RECALL_MS } from "../../room/fold.ts"
import { lifeAt } from "../../room/life.ts"
import { unsealed } from "../../room/outbox.ts"
import { type Composing, keys } from "../../room/records.ts"
import type { RoomState } from "../../room/state.ts"
import { lookUp } from "../message-item.ts"
import type { Mention, MessageCommands } from "../port/messages.ts"
import { titleOf } from "../room-list.ts"
import { actCommands } from "./acts.ts"
import { done, type Handlers, notFound } from "./handler.ts"
import { aboutMessage, type Message, messageAt, post, replyTo, writable } from "./writing.ts"

/** What is written, as it will be sent. */
function worded(
  home: Home,
  { meta, group }: RoomState,
  written: string,
  named: readonly Mention[] | undefined,
): Result<{ text: string; mentions?: Mention[] }, Problem> {
  const { text, mentions } = trimmed(written, named)
  if (text.trim() === "") return err({ kind: "invalid_message" })
  if (utf8(text).length > limits.textBytes) return err({ kind: "text_too_long" })
  if (mentions.length > MENTIONS_MAX) return err({ kind: "invalid_message" })
  const everybody = mentions.some(({ user }) => user === "all")
  if (everybody && (meta.kind !== "group" || roleIn(group, home.account.user) === "member"))
    return err({ kind: "not_allowed" })
  return ok(mentions.length > 0 ? { text, mentions: [...mentions] } : { text })
}

export const messageCommands: Handlers<keyof MessageCommands> = {
  ...actCommands,

  async send(home, { room, text: written, mentions, reply }) {
    const where = writable(home, room)
    if (!where.ok) return where
    const { actor, state } = where.value
    const words = worded(home, state, written, mentions)
    if (!words.ok) return words
    const answers = reply === undefined ? undefined : await replyTo(home, state, reply)
    if (reply !== undefined && !answers) return notFound
    // In a private chat both have heard it with the request and its answer.
    if (state.meta.kind === "group") await introduce(home.answerParts, room)
    return post(actor, { kind: "text", ...words.value, ...(answers ? { reply: answers } : {}) })
  },
  resend: (home, { room, key }) => change(home, room, key, (item) => ({ put: unsealed(item) })),
  discard: (home, { room, key }) => change(home, room, key, () => "drop"),

  async editMessage(home, { room, seq, text: written, mentions }) {
    const about = await aboutMessage(home, room, seq)
    if (!about.ok) return about
    const { actor, state, entry, content, text, of } = about.value
    if (content.kind !== "text" || entry.user !== home.account.user) return err({ kind: "not_yours" })
    if (home.clock() - entry.time > EDIT_MS) return err({ kind: "too_late" })
    const words = worded(home, state, written, mentions)
    if (!words.ok) return words
    if (words.value.text === text && !mentions) return done
    const posted = await post(actor, { kind: "edit", of, ...words.value })
    return posted.ok ? done : posted
  },
  async recall(home, { room, seq }) {
    const about = await aboutMessage(home, room, seq)
    if (!about.ok) return about
    const { actor, entry, of } = about.value
    if (entry.user !== home.account.user) return err({ kind: "not_yours" })
    if (home.clock() - entry.time > RECALL_MS) return err({ kind: "too_late" })
    await actor.post({ kind: "recall", of })
    return done
  },

  async deleteForMe(home, { room, seqs }) {
    const known = home.rooms.get(room)?.state().meta.seq
    if (known === undefined || seqs.length === 0) return notFound
    if (seqs.some((seq) => !Number.isInteger(seq) || seq < 1 || seq > known)) return notFound
    await home.kept.delete(room, seqs)
    home.flush()
    return done
  },
  async favourite(home, { room, seq, on }) {
    const state = home.rooms.get(room)?.state()
    if (!on) {
      // What is kept may be let go wherever the chat is by now.
      const kept = (await home.kept.favourites()).filter(({ copy }) => copy.room === room && copy.seq === seq)
      for (const { copy } of kept) await home.kept.setFavourite(copy, undefined)
    } else if (state) {
      const found = await messageAt(home, state, seq)
      if (!found.ok) return found
      const copy = copyOf(home, state, found.value)
      if (!copy) return err({ kind: "too_large" })
      const kept = await home.kept.setFavourite(copy, copy)
      if (!kept.ok) return kept
    } else return notFound
    home.flush()
    return done
  },
  async setTyping(home, { room, on }) {
    if (!home.rooms.get(room)) return notFound
    await home.presence.setTyping(room, on)
    return done
  },

  async markRead(home, { room, seq }) {
    return (await home.reading.mark(room, seq)) ? done : notFound
  },
  async setDraft(home, { room, text, mentions, reply, edit }, changes) {
    const actor = home.rooms.get(room)
    if (!actor) return notFound
    if (utf8(text).length > limits.textBytes) return err({ kind: "text_too_long" })
    const target = typeof reply === "number" ? await lookUp(home, actor.state(), reply) : undefined
    if (typeof reply === "number" && !target) return notFound
    await actor.change((state) => {
      const { composing: old = {}, ...meta } = state.meta
      const fit = (mentions ?? []).filter(({ from, length }) => from + length <= text.length)
      const answers =
        reply === null ? undefined : target ? { seq: target.entry.seq, n: target.entry.n } : old.reply
      const composing: Composing = {
        ...(fit.length > 0 ? { mentions: fit.slice(0, MENTIONS_MAX) } : {}),
        ...(answers ? { reply: answers } : {}),
        ...editing(old, meta.draft, edit),
      }
      const something = Object.keys(composing).length > 0
      return {
        next: { ...state, meta: { ...meta, draft: text, ...(something ? { composing } : {}) } },
        writes: [],
      }
    })
    changes.emit(topics.draft(room), topics.rooms)
    return done
  },
}

/** undefined: too large to be kept. */
function copyOf(home: Home, { meta }: RoomState, { entry, mark }: Message): FavouriteRecord | undefined {
  const { user, item, seq, time } = entry
  if (item.type !== "content" || !user) return undefined
  const text = mark.edit?.text
  if (item.bytes.length + (text?.length ?? 0) * 3 > FAVOURITE_BYTES) return undefined
  const { room } = meta
  const chat = titleOf(home, meta).slice(0, 200)
  return {
    v: 1,
    room,
    incarnation: lifeAt(meta, seq),
    seq,
    time,
    user,
    chat,
    content: item.bytes,
    ...(text === undefined ? {} : { text }),
  }
}

/** The draft from before an edit waits until the edit is over, however often the edit changes. */
function editing(
  { edit: old, ...before }: Composing,
  draft: string,
  edit: number | null | undefined,
): Pick<Composing, "edit"> {
  if (edit === null) return {}
  if (edit === undefined) return old ? { edit: old } : {}
  return { edit: old ? { ...old, seq: edit } : { seq: edit, stashed: draft, before } }
}

/** Only what was refused waits for the person; anything else is on its way. */
async function change(
  home: Home,
  room: Id,
  key: string,
  what: (item: Parameters<typeof unsealed>[0]) => "drop" | { readonly put: ReturnType<typeof unsealed> },
): Promise<Result<null, Problem>> {
  const changed = await home.rooms.get(room)?.change((state) => {
    const item = state.outbox.find((one) => one.key === key && one.state === "refused")
    if (!item) return undefined
    const to = what(item)
    const at = keys.outbox(room, item.order)
    if (to === "drop")
      return {
        next: { ...state, outbox: state.outbox.filter((one) => one !== item) },
        writes: [{ drop: at }],
      }
    const outbox = state.outbox.map((one) => (one === item ? to.put : one))
    return { next: { ...state, outbox }, writes: [{ put: at, value: to.put }] }
  })
  return changed ? done : notFound
}
