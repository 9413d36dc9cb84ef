/**
 * What contents do to other messages, folded as entries are taken in, in the order of the log: so every device that has the
 * same entries shows the same, whatever the sizes in which they came. The rules are checked here, from what the log and the
 * encryption say (who, when, which role), and never trusted from a content:
 *   edit        its own sender, a text, within a day
 *   recall      its own sender, within the window
 *   reaction    anybody, one of each emoji a person
 *   vote, end   anybody, one a person; the end by whoever asked, and a group's owner and admins
 *   pin, timer  anybody in a private room, the owner and admins in a group
 *   past*       anybody; what it comes to is checked by who answers and who is answered
 * What breaks a rule, or names something that this device does not have, changes nothing and is shown nowhere.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import type { Role } from "@teahouse/protocol/policy.ts"
import type { Target } from "../content/core.ts"
import { isEmoji } from "../content/marks.ts"
import type { Content, Known, Of } from "../content/message.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Mark } from "../history/marks.ts"
import { lineOf, textOf } from "./preview.ts"
import type { PastNews, RoomMeta } from "./records.ts"
import { isSilent } from "./unread.ts"

export const EDIT_MS = 86_400_000
export const RECALL_MS = limits.recallWindowMs
/** For the way to the house: what was asked for in time counts. */
const RECALL_GRACE_MS = limits.recallGraceMs
/** How long a recalled text may be taken up again. */
const AGAIN_MS = 5 * 60_000
const PINS_MAX = 100
/** Different ones on one message. */
const EMOJI_MAX = 32
/** In a larger room nobody says what has arrived: it would be more traffic than the messages. */
export const RECEIPTS_USERS_MAX = 50

export type FoldParts = {
  readonly me: Id
  /** What this device has at a position, changes of this batch included. */
  readonly entry: (seq: number) => Promise<HistoryEntry | undefined>
  readonly mark: (seq: number) => Promise<Mark | undefined>
  readonly replace: (entry: HistoryEntry) => void
  /** On this person's black list. */
  readonly blocked: (user: Id) => boolean
}
export type By = {
  readonly user: Id
  readonly device?: Id
  readonly role: Role
  readonly seq: number
  readonly time: number
}
/** `keep`: it stays in the history as what it is. */
export type Folded = { readonly meta: RoomMeta; readonly keep: boolean }

/** An act on a message that this device does not have (yet). */
export type Late = { readonly content: Known; readonly of: Target; readonly by: By }

type Found = { readonly entry: HistoryEntry; readonly content: Content | undefined }

export function createFold({ me, entry, mark: stored, replace, blocked }: FoldParts) {
  const marks = new Map<number, Mark>()
  const recalled: number[] = []
  const late: Late[] = []
  let absent = false
  const markAt = async (seq: number): Promise<Mark> => marks.get(seq) ?? (await stored(seq)) ?? {}

  const find = async ({ seq, n }: Target, by: By): Promise<Found | undefined> => {
    if (seq >= by.seq) return undefined
    const found = await entry(seq)
    absent = !found
    if (!found?.user || found.n !== n || found.kind !== 0) return undefined
    return { entry: found, content: contentOf(found) }
  }
  /** A message that is still there. */
  const message = async (of: Target, by: By) => {
    const found = await find(of, by)
    return found?.content && textOf(found.content) !== undefined
      ? { ...found, content: found.content }
      : undefined
  }

  /**
   * What a restored house had lost is done again when its device is back, whenever that is (acts-again.ts). It was done after the
   * backup, so it was in time only if it would have been at the last position that was kept.
   */
  const isInTime = async (
    meta: RoomMeta,
    { was }: Known,
    { seq, time }: HistoryEntry,
    by: By,
    ms: number,
  ) => {
    if (by.time - time <= ms) return true
    if (was === undefined || !meta.life) return false
    for (const { kept } of [meta.life, ...(meta.life.earlier ?? [])]) {
      const last = seq <= kept && kept < by.seq ? await entry(kept) : undefined
      if (last && last.time - time <= ms) return true
    }
    return false
  }

  const edit = async (meta: RoomMeta, said: Of<"edit">, by: By): Promise<Folded> => {
    const { of } = said
    const target = await message(of, by)
    if (target?.content.kind !== "text" || target.entry.user !== by.user) return no(meta)
    if (!(await isInTime(meta, said, target.entry, by, EDIT_MS))) return no(meta)
    const { text, mentions } = said
    const edit = { text, ...(mentions ? { mentions } : {}) }
    marks.set(of.seq, { ...(await markAt(of.seq)), at: by.seq, edit })
    const last = meta.last?.seq === of.seq ? { ...meta.last, text: lineOf(text) } : meta.last
    return yes(last ? { ...meta, last } : meta)
  }

  const recall = async (meta: RoomMeta, said: Of<"recall">, by: By): Promise<Folded> => {
    const { of } = said
    const found = await find(of, by)
    if (!found || found.entry.user !== by.user) return no(meta)
    if (!(await isInTime(meta, said, found.entry, by, RECALL_MS + RECALL_GRACE_MS))) return no(meta)
    const { entry: target, content } = found
    if (
      target.item.type === "gone" ? target.item.why !== "emptied" : !content || textOf(content) === undefined
    )
      return no(meta)
    const before = await markAt(of.seq)
    const text = content?.kind === "text" ? (before.edit?.text ?? content.text) : undefined
    const again = by.user === me && text !== undefined ? { text, until: by.time + AGAIN_MS } : undefined
    marks.set(of.seq, again ? { again } : {})
    replace({ ...target, item: { type: "gone", why: "recalled" } })
    if (by.user === me && content) recalled.push(of.seq)
    return yes(
      without(meta, target, me, content !== undefined && !isSilent(blocked, meta.kind, by.user), true),
    )
  }

  const react = async (meta: RoomMeta, { of, emoji, on }: Of<"reaction">, by: By): Promise<Folded> => {
    if (!isEmoji(emoji) || !(await message(of, by))) return no(meta)
    const before = await markAt(of.seq)
    const reactions = withReaction(before.reactions ?? [], emoji, by.user, on)
    if (!reactions) return no(meta)
    marks.set(of.seq, { ...before, at: by.seq, reactions })
    return yes(meta)
  }

  const vote = async (meta: RoomMeta, { of, choices }: Of<"vote">, by: By): Promise<Folded> => {
    const target = await message(of, by)
    if (target?.content.kind !== "poll") return no(meta)
    const { options, multiple } = target.content
    const before = await markAt(of.seq)
    const distinct = new Set(choices).size === choices.length
    if (before.ended || !distinct || (!multiple && choices.length > 1)) return no(meta)
    if (choices.some((choice) => choice >= options.length)) return no(meta)
    const others = (before.votes ?? []).filter(({ user }) => user !== by.user)
    const votes = choices.length > 0 ? [...others, { user: by.user, choices }] : others
    marks.set(of.seq, { ...before, at: by.seq, votes })
    return yes(meta)
  }

  const end = async (meta: RoomMeta, { of }: Of<"pollEnd">, by: By): Promise<Folded> => {
    const target = await message(of, by)
    if (target?.content.kind !== "poll") return no(meta)
    if (target.entry.user !== by.user && !(meta.kind === "group" && by.role !== "member")) return no(meta)
    marks.set(of.seq, { ...(await markAt(of.seq)), at: by.seq, ended: true })
    return yes(meta)
  }

  const pin = async (meta: RoomMeta, { of, on }: Of<"pin">, by: By): Promise<Folded> => {
    if (!mayArrange(meta, by.role) || !(await message(of, by))) return no(meta)
    const pins = meta.pins ?? []
    if (on === pins.includes(of.seq)) return no(meta)
    const others = pins.filter((seq) => seq !== of.seq)
    return yes({ ...meta, pins: on ? [...others, of.seq].slice(-PINS_MAX) : others })
  }

  const timer = (meta: RoomMeta, { seconds }: Of<"timer">, by: By): Folded =>
    mayArrange(meta, by.role) && seconds !== (meta.timer ?? 0) ? yes({ ...meta, timer: seconds }) : no(meta)

  const act = async (meta: RoomMeta, content: Known, by: By): Promise<Folded> => {
    switch (content.kind) {
      case "edit":
        return edit(meta, content, by)
      case "recall":
        return recall(meta, content, by)
      case "reaction":
        return react(meta, content, by)
      case "vote":
        return vote(meta, content, by)
      case "pollEnd":
        return end(meta, content, by)
      case "pin":
        return pin(meta, content, by)
      case "timer":
        return timer(meta, content, by)
      case "pastRequest":
      case "pastOffer":
        return no(withNews(meta, content, by))
      case "accountKey":
      case "accountKeyWanted":
      case "notebookHead":
        return no(meta)
      case "receipt":
        return no(heard(meta, by, content))
      default:
        return yes(timerSeen(meta, content))
    }
  }

  return {
    /** Changed in this batch, by position. */
    marks,
    /** One's own: the house is to let their bytes go. */
    recalled,
    /** What was done to messages that this device does not have. */
    late,
    async take(before: RoomMeta, content: Content, by: By): Promise<Folded> {
      // Whoever speaks has the log up to what was seen.
      const meta = content.kind === "receipt" ? before : heard(before, by, { delivered: content.seen.seq })
      if (content.kind === "unknown") return yes(meta)
      absent = false
      const folded = await act(meta, content, by)
      if (absent && "of" in content && typeof content.of === "object")
        late.push({ content, of: content.of, by })
      return folded
    },
  }
}

const yes = (meta: RoomMeta): Folded => ({ meta, keep: true })
const no = (meta: RoomMeta): Folded => ({ meta, keep: false })

/** More at once is nobody's honest question. */
const NEWS_MAX = 256

/** Folded by what deals with it (past/fold.ts), which few ever load. */
function withNews(meta: RoomMeta, content: PastNews["content"], { user, device, seq, time }: By): RoomMeta {
  const past = { asks: [], offers: [], over: [], news: [], ...meta.past }
  const news = [...past.news, { content, by: { user, device, seq, time } }].slice(-NEWS_MAX)
  return { ...meta, past: { ...past, news } }
}

/** Who may pin, and say how long messages stay. */
export const mayArrange = ({ kind }: Pick<RoomMeta, "kind">, role: Role): boolean =>
  kind !== "group" || role !== "member"

/** undefined: nothing changes. */
function withReaction(
  reactions: NonNullable<Mark["reactions"]>,
  emoji: string,
  user: Id,
  on: boolean,
): Mark["reactions"] | undefined {
  const known = reactions.find((one) => one.emoji === emoji)
  if (on === (known?.users.includes(user) ?? false)) return undefined
  if (!known) return reactions.length < EMOJI_MAX ? [...reactions, { emoji, users: [user] }] : undefined
  const users = on ? [...known.users, user] : known.users.filter((one) => one !== user)
  return reactions.flatMap((one) => (one !== known ? [one] : users.length > 0 ? [{ emoji, users }] : []))
}

/** Positions only rise, and nobody has more than what came before. */
function heard(
  meta: RoomMeta,
  by: By,
  said: { readonly delivered: number; readonly read?: number | undefined },
): RoomMeta {
  if (meta.users.length > RECEIPTS_USERS_MAX || !meta.users.includes(by.user)) return meta
  const all = meta.receipts ?? []
  const known = all.find(({ user }) => user === by.user)
  const read = Math.max(known?.read ?? 0, Math.min(said.read ?? 0, by.seq - 1))
  const delivered = Math.max(known?.delivered ?? 0, read, Math.min(said.delivered, by.seq - 1))
  if (known && delivered === known.delivered && read === known.read) return meta
  const others = all.filter(({ user }) => user !== by.user && meta.users.includes(user))
  return { ...meta, receipts: [...others, { user: by.user, delivered, read }] }
}

/** Whoever came after it was set learns of it from the first message that it holds for. */
function timerSeen(meta: RoomMeta, content: Known): RoomMeta {
  const expires = "expires" in content ? content.expires : undefined
  return expires !== undefined && meta.timer === undefined ? { ...meta, timer: expires } : meta
}

/** The room when a message of it is gone. `shown`: its text was here, and counted. */
export function without(
  meta: RoomMeta,
  target: Pick<HistoryEntry, "seq" | "user">,
  me: Id,
  shown: boolean,
  recalled: boolean,
): RoomMeta {
  const { pins, last, mentioned, ...rest } = meta
  const unread =
    shown && target.seq > meta.read && target.user !== me ? Math.max(0, meta.unread - 1) : meta.unread
  const left = last?.seq === target.seq ? (recalled ? { ...last, text: "", recalled } : undefined) : last
  return {
    ...rest,
    unread,
    ...(left ? { last: left } : {}),
    ...(pins ? { pins: pins.filter((seq) => seq !== target.seq) } : {}),
    ...(mentioned !== undefined && mentioned !== target.seq ? { mentioned } : {}),
  }
}
