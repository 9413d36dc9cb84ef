/**
 * Receiving, in phases: read (the entries that continue the cursor) → decrypt (no transaction open) → one write of
 * {state or deltas, plaintext, cursor} → tell. This file is the first two: from a state and entries to the next state,
 * without storing anything. Not saving its result is the same as not having received.
 */
import { agreedOf } from "@teahouse/judge/agreed.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Role } from "@teahouse/protocol/policy.ts"
import type { PackageRecord } from "../account/key-packages.ts"
import { type CardMessage, type Content, decodeContent } from "../content/message.ts"
import type { Crypto, Delta, Device, Room } from "../crypto/port.ts"
import type { HistoryEntry, HistoryItem } from "../history/entry.ts"
import type { Mark, Marks } from "../history/marks.ts"
import { comesToNothing } from "./ahead.ts"
import { cardAgain, roleIn, takeCard } from "./card.ts"
import { compareSeen, continues } from "./chain.ts"
import { createFold, type Late } from "./fold.ts"
import { takeNick } from "./nicks.ts"
import { unsealed } from "./outbox.ts"
import { preview } from "./preview.ts"
import { type CommitRead, readCommit } from "./read-commit.ts"
import type { GenerationParts } from "./read-generation.ts"
import { readMessage } from "./read-message.ts"
import { readNotice } from "./read-notice.ts"
import { alsoWanted, blindUntil, type OutboxItem, type PendingCommit, type RoomMeta } from "./records.ts"
import { namesOwn, stillDue } from "./removals.ts"
import type { RoomState } from "./state.ts"
import { isSilent } from "./unread.ts"

export type InboxParts = {
  /** In which the entries were written. */
  readonly incarnation: number
  readonly crypto: Crypto
  readonly me: Device
  /** What is stored at a position, and what was done to it. */
  readonly stored: (seq: number) => Promise<HistoryEntry | undefined>
  readonly mark: (seq: number) => Promise<Mark | undefined>
  /** On this person's black list. */
  readonly blocked: (user: Id) => boolean
  readonly keyPackage: GenerationParts["keyPackage"]
  /** What a restored house had lost and now stands here again (step-back.ts). */
  readonly repeated?: (entry: Entry, content: Content) => Promise<readonly Repeated[]>
}
type Repeated = { readonly life: number; readonly seq: number }

export type Taken = {
  readonly state: RoomState
  readonly history: readonly HistoryEntry[]
  /** Stored earlier, and no longer what it was. */
  readonly anew: readonly HistoryEntry[]
  readonly marks: Marks
  /** Done to messages from before this device came in. */
  readonly late: readonly Late[]
  /** One's own that were recalled. */
  readonly recalled: readonly number[]
  /** Messages that disappear, and when (ms UTC). */
  readonly expiring: readonly { readonly seq: number; readonly at: number }[]
  /** The newest delta of each leaf since the base; they go when the base is written. */
  readonly deltas: ReadonlyMap<number, Delta>
  /** The base state is another one: a commit was adopted, or the state is lost. */
  readonly rebased: boolean
  readonly adopted: boolean
  /** Key packages with which this device came in. */
  readonly used: readonly PackageRecord[]
  readonly finished: readonly OutboxItem[]
  /** Not what was sent: these wait for the person. */
  readonly changed: readonly OutboxItem[]
  /** What is to be said because of what came. */
  readonly queued: readonly OutboxItem[]
  readonly repeats: readonly Repeated[]
  readonly contents: readonly { readonly user: Id; readonly content: Content }[]
  /** The chain broke or somebody saw another one. `broken`: nothing from the first bad entry on was taken. */
  readonly alarm?: "forked"
  readonly broken: boolean
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export async function take(start: RoomState, entries: readonly Entry[], parts: InboxParts): Promise<Taken> {
  let state: Mutable<RoomState> = { ...start }
  const history: HistoryEntry[] = []
  const deltas = new Map<number, Delta>()
  const finished: OutboxItem[] = []
  const changed: OutboxItem[] = []
  const contents: { user: Id; content: Content }[] = []
  const queued: OutboxItem[] = []
  const anew = new Map<number, HistoryEntry>()
  const expiring: { seq: number; at: number }[] = []
  const used: PackageRecord[] = []
  const repeats: Repeated[] = []
  const inBatch = (seq: number) => seq - start.meta.seq - 1
  const fold = createFold({
    me: parts.me.user,
    mark: parts.mark,
    blocked: parts.blocked,
    async entry(seq) {
      if (seq > start.meta.seq) return history[inBatch(seq)]
      return anew.get(seq) ?? parts.stored(seq)
    },
    replace(entry) {
      if (entry.seq > start.meta.seq) history[inBatch(entry.seq)] = entry
      else anew.set(entry.seq, entry)
    },
  })
  let rebased = false
  let adopted = false
  let alarm: "forked" | undefined
  let broken = false

  const hashAt = async (seq: number): Promise<Uint8Array | undefined> => {
    const { joined } = start.meta
    if (seq === joined.seq) return joined.hash
    if (seq < joined.seq) return undefined
    if (seq > start.meta.seq) return history[seq - start.meta.seq - 1]?.hash
    return seq === start.meta.seq ? start.meta.hash : (await parts.stored(seq))?.hash
  }
  const compare = async (seen: { seq: number; hash: Uint8Array } | undefined, seq: number) => {
    if (seen && (await compareSeen(seen, seq, hashAt)) === "forked") alarm = "forked"
  }

  for (const entry of entries) {
    if (entry.seq <= state.meta.seq) continue
    if (entry.seq !== state.meta.seq + 1) break
    if (!continues({ ...state.meta, incarnation: parts.incarnation }, entry)) {
      alarm = "forked"
      broken = true
      break
    }
    const mine = entry.device === parts.me.device
    let made: Pick<HistoryEntry, "item" | "user" | "key"> = { item: { type: "nothing" } }
    let meta: RoomMeta = {
      ...state.meta,
      seq: entry.seq,
      hash: entry.hash,
      generation: entry.generation,
    }
    const userOf = (device: Id) => state.group?.judged.leaves.find((leaf) => leaf.device === device)?.user

    let took = false

    /** Without keys from here on: what was agreed on last is kept. */
    const lose = () => {
      if (state.group) {
        state.agreed = agreedOf(state.group.judged)
        meta = { ...meta, fell: { at: entry.seq, users: state.agreed.people.map(({ user }) => user) } }
      }
      state.group = undefined
      rebased = true
      deltas.clear()
      meta = { ...meta, lost: true }
    }

    /** With the keys of another epoch. */
    const enter = (group: Room, item?: HistoryItem) => {
      state.group = group
      state.agreed = undefined
      adopted = true
      const users = [...new Set(group.judged.leaves.map((leaf) => leaf.user))]
      const {
        removals: _,
        unattested: __,
        complaint: ___,
        floor: ____,
        fell: _____,
        missed,
        out,
        again,
        ...rest
      } = meta
      const removals = stillDue(group, meta.removals)
      // What was decided since counts more than what a restored house has lost.
      const [came, went] = item?.type === "members" ? [item.joined, item.left] : [[], []]
      const here = out?.filter(({ user }) => users.includes(user) && !came.includes(user)) ?? []
      const away = again?.filter((user) => !users.includes(user) && !went.includes(user)) ?? []
      meta = {
        ...(missed === undefined ? rest : alsoWanted(rest, { from: missed, to: entry.seq - 1 })),
        users,
        lost: false,
        ...blindUntil(meta, entry.seq, users),
        ...(removals.length > 0 ? { removals } : {}),
        ...(here.length > 0 ? { out: here } : {}),
        ...(away.length > 0 ? { again: away } : {}),
      }
    }

    const heedCard = (content: CardMessage, user: Id) => {
      const card = takeCard(meta, content, roleIn(state.group, user), user === parts.me.user, entry.seq)
      if (card) meta = { ...meta, card }
      // A repetition, or from somebody who may not change it: nothing to show.
      if (!card || content.of !== undefined || content.what === "links")
        made = { item: { type: "nothing" }, user }
    }

    const heed = async (content: Content, user: Id) => {
      const { seq, time } = entry
      const folded = await fold.take(meta, content, {
        user,
        device: entry.device,
        role: roleIn(state.group, user),
        seq,
        time,
      })
      meta = folded.meta
      if (!folded.keep) made = { item: { type: "nothing" }, user }
      took = folded.keep
      if (content.kind === "card") heedCard(content, user)
      meta = takeNick(meta, content, user, seq)
      if ("expires" in content && content.expires !== undefined)
        expiring.push({ seq, at: time + content.expires * 1000 })
      meta = withLast(meta, content, user, entry)
      if (meta.out) meta = { ...meta, out: meta.out.filter(({ by }) => by !== entry.device) }
      const before = (await parts.repeated?.(entry, content)) ?? []
      repeats.push(...before)
      if (!preview(content)) return
      if (user === parts.me.user && !mine) meta = { ...meta, unread: 0, read: seq }
      if (user === parts.me.user) return
      meta = { ...meta, theirs: seq }
      // What was read here before is not news.
      if (before.length > 0 || isSilent(parts.blocked, meta.kind, user)) return
      meta = { ...meta, unread: meta.unread + 1 }
      if (namesMe(content, parts.me.user, meta.kind, roleIn(state.group, user)))
        meta = { ...meta, mentioned: seq }
    }

    if (entry.body === null) {
      // Let go by the house before it was read here: its place in the chain is all there is, and perhaps why (a recall).
      const user = userOf(entry.device)
      if (entry.kind === 0) made = { item: { type: "gone", why: "emptied" }, ...(user ? { user } : {}) }
      // One's own has arrived all the same.
      const own = mine ? state.outbox.find((item) => item.sealed?.n === entry.n) : undefined
      if (own) {
        state.outbox = state.outbox.filter((item) => item !== own)
        finished.push(own)
      }
    } else if (entry.kind === 1) {
      const read = await readCommit(state, { ...entry, body: entry.body }, parts.crypto, parts.me)
      const by = userOf(entry.device)
      // A next generation takes the place of whatever epoch there is.
      const opening = start.pending?.complaint === undefined ? undefined : start.pending
      state.pending = opening
      rebased = true
      deltas.clear()
      if (read.kind === "advanced") {
        await compare(read.seen, entry.seq)
        const alone = unattested(read, start.pending, meta)
        const before = state.group?.judged.policy
        enter(read.group, read.item)
        if (meta.kind === "group") {
          const { withCommit } = await import("./rules-again.ts")
          meta = withCommit(meta, { before, after: read.group.judged.policy, own: read.own })
        }
        made = { item: read.item, ...(by ? { user: by } : {}) }
        meta = {
          ...meta,
          owesUpdate: read.addOnly && meta.owesUpdate,
          ...(alone ? { unattested: true } : {}),
          ...(read.external && !read.own ? { returned: entry.seq } : {}),
        }
        const again = cardAgain(meta, state.outbox, read, entry.time)
        queued.push(...again)
        state.outbox = [...state.outbox, ...again]
      } else if (read.kind === "removed") {
        state.group = undefined
        made = { item: read.item }
        meta = { ...meta, standing: "removed" }
      } else {
        // Whatever was pending still waits to be found further on, when it is what brings us back.
        state.pending = start.pending?.external && state.group === undefined ? start.pending : opening
        lose()
      }
    } else if (entry.kind === 3) {
      const { readGeneration } = await import("./read-generation.ts")
      const read = await readGeneration(state, { ...entry, body: entry.body }, parts)
      if (read.kind === "refused") {
        // Not a room that was agreed on: it ends here, until the house shows another one.
        alarm = "forked"
        broken = true
        break
      }
      const by = userOf(entry.device)
      await compare("seen" in read ? read.seen : undefined, entry.seq)
      made = { item: { type: "notice", notice: "renewed" }, ...(by ? { user: by } : {}) }
      lose()
      state.pending = undefined
      if (read.kind === "entered") {
        enter(read.group)
        // Who came in by a welcome brings fresh keys before long.
        meta = { ...meta, owesUpdate: !read.own }
        if (read.used) used.push(read.used)
      } else if (read.kind === "outside") {
        state.agreed = read.agreed
        const { complaint: _, ...rest } = meta
        meta = rest
      } else {
        state.agreed = undefined
        meta = { ...meta, lost: false, standing: "removed" }
      }
    } else if (entry.kind === 2) {
      const read = await readNotice(state, { ...entry, body: entry.body }, parts.me.house, parts.crypto)
      const by = userOf(entry.device)
      made = { item: read.item, ...(by ? { user: by } : {}) }
      if (read.standing && meta.standing !== "removed") meta = { ...meta, standing: read.standing }
      if (state.group && read.removal && namesOwn(state.group, read.removal)) {
        // The house tells whoever leaves nothing after this.
        state.group = undefined
        state.pending = undefined
        rebased = true
        deltas.clear()
        meta = { ...meta, standing: "removed" }
      }
      // Of one's own person only devices that were revoked: who leaves is removed by others.
      const asked = read.removal && (read.removal.user !== parts.me.user || read.removal.device)
      const due = read.removal && asked && state.group ? stillDue(state.group, [read.removal]) : []
      if (due.length > 0) meta = { ...meta, removals: [...(meta.removals ?? []), ...due] }
      // Who can follow has vouched for the group, or makes the next epoch: only the others can be meant.
      if (read.complaint && !state.group)
        meta = { ...meta, complaint: meta.complaint ?? { seq: entry.seq, at: entry.time } }
    } else if (mine) {
      const own = state.outbox.find((item) => item.sealed?.n === entry.n)
      if (own?.sealed && sameBytes(own.sealed.bytes, entry.body)) {
        made = { item: { type: "content", bytes: own.sealed.content }, user: parts.me.user, key: own.key }
        const content = decodeContent(own.sealed.content)
        if (content) await heed(content, parts.me.user)
        if (!took && comesToNothing(own.draft)) {
          const late: OutboxItem = { ...unsealed(own), state: "refused", error: { kind: "too_late" } }
          changed.push(late)
          state.outbox = state.outbox.map((item) => (item === own ? late : item))
        } else {
          finished.push(own)
          state.outbox = state.outbox.filter((item) => item !== own)
        }
      } else if (own || entry.n > meta.n) {
        // Other bytes under a number of ours: the house changed them, or there were two of this device; the person decides
        // about the message. Or the store is older than what this device has sealed: a key could be used twice. Leave that
        // state behind.
        if (own) {
          alarm = "forked"
          const refused: OutboxItem = {
            ...unsealed(own),
            state: "refused",
            error: { kind: "invalid_message" },
          }
          changed.push(refused)
          state.outbox = state.outbox.map((item) => (item === own ? refused : item))
        }
        lose()
      }
    } else if (state.group) {
      const read = await readMessage(state.group, { ...entry, body: entry.body }, parts.crypto)
      if (read.group) state.group = read.group
      if (read.delta) deltas.set(read.delta.leaf, read.delta)
      made = { item: read.item, ...(read.user ? { user: read.user } : {}) }
      if (read.content && read.user) {
        await compare(read.content.seen, entry.seq)
        contents.push({ user: read.user, content: read.content })
        await heed(read.content, read.user)
      }
    } else {
      made = { item: { type: "unreadable" } }
      meta = { ...meta, missed: meta.missed ?? entry.seq }
    }

    if (mine) meta = { ...meta, n: Math.max(meta.n, entry.n) }
    state = { ...state, meta }
    const { seq, generation, kind, device, n, time, hash } = entry
    history.push({ seq, generation, kind, device, n, time, hash, ...made })
  }
  const late = fold.late.filter(({ of }) => of.seq <= start.meta.joined.seq)
  const folded = { anew: [...anew.values()], marks: fold.marks, late, recalled: fold.recalled, expiring }
  const out = {
    state,
    history,
    ...folded,
    deltas,
    rebased,
    adopted,
    used,
    finished,
    changed,
    queued,
    repeats,
    contents,
    broken,
  }
  return alarm ? { ...out, alarm } : out
}

/** Whether what was adopted rests on a GroupInfo that nobody vouched for: until somebody else's commit fits. */
function unattested(
  read: Extract<CommitRead, { kind: "advanced" }>,
  pending: PendingCommit | undefined,
  meta: RoomMeta,
): boolean {
  if (!read.own) return false
  return pending?.external ? pending.unattested === true : meta.unattested === true
}

function withLast(
  meta: RoomMeta,
  content: Content,
  user: Id,
  { time, seq }: Pick<Entry, "time" | "seq">,
): RoomMeta {
  const line = preview(content)
  return line ? { ...meta, at: time, last: { ...line, user, at: time, seq } } : meta
}

/** `all` counts from those who may call everybody. */
function namesMe(content: Content, me: Id, kind: RoomMeta["kind"], role: Role): boolean {
  if (content.kind !== "text") return false
  const all = kind === "group" && role !== "member"
  return content.mentions?.some(({ user }) => user === me || (user === "all" && all)) ?? false
}
