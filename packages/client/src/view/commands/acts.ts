/** What people do with messages that are there: react, pin, ask and vote, forward, let disappear. */
import { err } from "@teahouse/protocol/result.ts"
import { BUNDLE_MAX, TITLE_MAX } from "../../content/bundle.ts"
import { EXPIRES_MAX } from "../../content/core.ts"
import type { AnyFile } from "../../content/file.ts"
import { isEmoji } from "../../content/marks.ts"
import { type Draft, sayable } from "../../content/message.ts"
import { OPTION_MAX, OPTIONS_MAX, OPTIONS_MIN, QUESTION_MAX } from "../../content/poll.ts"
import type { Home } from "../../home.ts"
import { roleIn } from "../../room/card.ts"
import { mayArrange } from "../../room/fold.ts"
import type { RoomActor } from "../../room/room.ts"
import type { RoomState } from "../../room/state.ts"
import { aheadOf } from "../ahead.ts"
import { publicNameIn } from "../person-in.ts"
import type { MessageCommands } from "../port/messages.ts"
import { done, type Handlers } from "./handler.ts"
import { aboutMessage, type Message, messageAt, post, writable } from "./writing.ts"

export type ActCommand = "react" | "pin" | "sendPoll" | "vote" | "endPoll" | "setTimer" | "forward"

const TIMER_MIN = 30
const FORWARD_ROOMS = 50

export const actCommands: Pick<Handlers<keyof MessageCommands>, ActCommand> = {
  async react(home, { room, seq, emoji, on }) {
    if (!isEmoji(emoji)) return err({ kind: "invalid_message" })
    const about = await aboutMessage(home, room, seq)
    if (!about.ok) return about
    const posted = await post(about.value.actor, { kind: "reaction", of: about.value.of, emoji, on })
    return posted.ok ? done : posted
  },
  async pin(home, { room, seq, on }) {
    const about = await aboutMessage(home, room, seq)
    if (!about.ok) return about
    const { actor, state, of } = about.value
    if (!mayArrange(state.meta, roleIn(state.group, home.account.user))) return err({ kind: "not_allowed" })
    const { meta } = await aheadOf(home, state)
    if (on !== (meta.pins?.includes(seq) ?? false)) await actor.post({ kind: "pin", of, on })
    return done
  },

  async sendPoll(home, { room, question, options, multiple }) {
    const where = writable(home, room)
    if (!where.ok) return where
    const asked = question.trim()
    const offered = options.map((option) => option.trim())
    const fits =
      asked.length > 0 &&
      asked.length <= QUESTION_MAX &&
      offered.length >= OPTIONS_MIN &&
      offered.length <= OPTIONS_MAX &&
      offered.every((option) => option.length > 0 && option.length <= OPTION_MAX) &&
      new Set(offered).size === offered.length
    if (!fits) return err({ kind: "bad_poll" })
    const alt = [asked, ...offered.map((option) => `- ${option}`)].join("\n")
    return post(where.value.actor, { kind: "poll", alt, question: asked, options: offered, multiple })
  },
  async vote(home, { room, seq, choices }) {
    const about = await aboutMessage(home, room, seq)
    if (!about.ok) return about
    const { actor, content, mark, of } = about.value
    if (content.kind !== "poll") return err({ kind: "not_found" })
    if (mark.ended) return err({ kind: "too_late" })
    const distinct = [...new Set(choices)]
    const known = distinct.every((one) => Number.isInteger(one) && one >= 0 && one < content.options.length)
    if (!known || (!content.multiple && distinct.length > 1)) return err({ kind: "bad_poll" })
    await actor.post({ kind: "vote", of, choices: distinct })
    return done
  },
  async endPoll(home, { room, seq }) {
    const about = await aboutMessage(home, room, seq)
    if (!about.ok) return about
    const { actor, state, entry, content, mark, of } = about.value
    if (content.kind !== "poll") return err({ kind: "not_found" })
    const rules = state.meta.kind === "group" && roleIn(state.group, home.account.user) !== "member"
    if (entry.user !== home.account.user && !rules) return err({ kind: "not_yours" })
    if (!mark.ended) await actor.post({ kind: "pollEnd", of })
    return done
  },

  async setTimer(home, { room, seconds }) {
    const where = writable(home, room)
    if (!where.ok) return where
    const { actor, state } = where.value
    const fits = seconds === 0 || (seconds >= TIMER_MIN && seconds <= EXPIRES_MAX)
    if (!Number.isInteger(seconds) || !fits) return err({ kind: "invalid_message" })
    if (!mayArrange(state.meta, roleIn(state.group, home.account.user))) return err({ kind: "not_allowed" })
    if (seconds !== (state.meta.timer ?? 0)) await actor.post({ kind: "timer", seconds })
    return done
  },

  /** All of it is looked at before anything is sent, so that a refusal means that nothing went. */
  async forward(home, { room, seqs, to, bundled, line }) {
    const state = home.rooms.get(room)?.state()
    if (!state || seqs.length === 0 || to.length === 0) return err({ kind: "not_found" })
    if (seqs.length > BUNDLE_MAX || to.length > FORWARD_ROOMS) return err({ kind: "too_large" })
    const messages: Message[] = []
    for (const seq of [...new Set(seqs)].sort((a, b) => a - b)) {
      const found = await messageAt(home, state, seq)
      if (!found.ok) return found
      messages.push(found.value)
    }
    const actors: RoomActor[] = []
    for (const target of new Set(to)) {
      const where = writable(home, target)
      if (!where.ok) return where
      actors.push(where.value.actor)
    }
    const drafts = bundled ? [lightened(bundleOf(home, state, messages))] : messages.map(again)
    if (line?.trim()) drafts.push({ kind: "text", text: line.trim() })
    if (!drafts.every(sayable)) return err({ kind: "text_too_long" })
    for (const actor of actors) for (const draft of drafts) await actor.post(draft)
    return done
  },
}

/** Nobody is named anew by what is only retold. */
function again({ content, text }: Message): Draft {
  if (content.kind === "file") {
    // The same ciphertext and key: a reference more to the blob, whose token is inside.
    const { v: _, seen: __, reply: ___, expires: ____, ...file } = content
    return { ...file, forwarded: true }
  }
  if (content.kind === "sticker") {
    const { v: _, seen: __, reply: ___, expires: ____, ...sticker } = content
    return { ...sticker, forwarded: true }
  }
  if (content.kind !== "bundle") return { kind: "text", text, forwarded: true }
  const { title, items, alt } = content
  return { kind: "bundle", title, items, ...(alt === undefined ? {} : { alt }) }
}

type BundleDraft = Extract<Draft, { kind: "bundle" }>

/** It goes to others: no name in it is a remark. */
function bundleOf(home: Home, { meta }: RoomState, messages: readonly Message[]): BundleDraft {
  const name = (user: Message["entry"]["user"]) => (user ? publicNameIn(home, meta, user) : "")
  const items = messages.map(({ entry, text, content }) => ({
    name: name(entry.user).slice(0, 64),
    at: entry.time,
    text,
    ...(content.kind === "sticker" ? { sticker: true as const } : {}),
    ...(content.kind === "file" ? { file: bare(content) } : {}),
  }))
  const people = [...new Set(items.map((item) => item.name))].join(", ")
  const title = (meta.card?.name || people).slice(0, TITLE_MAX)
  const alt = [title, ...items.map((item) => `${item.name}: ${item.text}`)].join("\n").slice(0, 4096)
  return { kind: "bundle", alt, title, items }
}

/** The file alone, as it is wherever a content speaks of one. */
function bare(content: AnyFile): AnyFile {
  const { blob, token, key, header, size, sealedSize, sha256, name, type, media } = content
  const sealed = { blob, token, key, header, size, sealedSize, sha256 }
  return { ...sealed, name, type, ...(media ? { media } : {}) }
}

/** One message has room for so many small pictures; the others show their blur until they are opened. */
const THUMBS_MAX_BYTES = 128 * 1024
function lightened(draft: BundleDraft): BundleDraft {
  let left = THUMBS_MAX_BYTES
  const items = draft.items.map(({ file, ...line }) => {
    if (!file) return line
    left -= file.media?.thumb?.length ?? 0
    if (left >= 0 || !file.media) return { ...line, file }
    const { thumb: _, ...media } = file.media
    return { ...line, file: { ...file, media } }
  })
  return { ...draft, items }
}
