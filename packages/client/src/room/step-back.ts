/**
 * The house was restored from a backup that is behind this device: it has lost what stands here after its last kept position
 * (life.ts holds that against what it signed). Positions go on from there, so what was lost makes room for them. In one write
 *
 *   entries and marks  move under the number of the new life: still read here, and by this account's other devices, told apart by a view
 *   own messages       go to the head of the outbox. Who sent it sends it again, so nobody has to agree on who does, and a device
 *                      that never comes back says nothing in another's name. `was` is the number that it had first: together with
 *                      the device it names the message, through any number of restored backups
 *   the group          stays where no commit was lost. Else its epoch is one that nobody can go back to: the device comes in
 *                      again by external commit, or with the room's next generation (ladder.ts), held against what was agreed on last
 *   to be let go of    what is lost is not, because its positions come again
 *   people             that this device had added are added again; those who had been taken out are not spoken to (`out`)
 *   rules              roles and links that this device had set are set again (rules-again.ts)
 *
 * Rejected: one's other devices sending what a lost one had sent, after a while: they would have to see each other to send it once.
 */
import { type Agreed, agreedOf } from "@teahouse/judge/agreed.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import type { Seen } from "../content/core.ts"
import type { Content, Draft, Known } from "../content/message.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { EXPIRY, type Expiring } from "../history/expiring.ts"
import { cutWrites, SEGMENT } from "../history/history.ts"
import { LET_GO, type LetGo } from "../history/let-go.ts"
import type { Mark } from "../history/marks.ts"
import { merge } from "../history/merge.ts"
import { unsafeWrites } from "../history/unsafe.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { askedWrites, keptAct } from "./acts-again.ts"
import { isAct } from "./ahead.ts"
import { putItem, type RoomCore } from "./core.ts"
import { groupWrites } from "./load.ts"
import { numberOf } from "./number-of.ts"
import { unsealed } from "./outbox.ts"
import type { RoomParts } from "./parts.ts"
import { textOf } from "./preview.ts"
import { keys, type Life, type OutboxItem, type RoomMeta, startOf } from "./records.ts"
import { afterLoss } from "./rules-again.ts"
import type { RoomState } from "./state.ts"
import { countUnread } from "./unread.ts"

/** Others skip no more than a thousand of a sender's keys (SECURITY "Delivery"). */
const SKIPPED_MAX = 500
const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

export type Step = {
  readonly life: Life
  /** The last position of this device's log that the house has kept; 0: none. */
  readonly after: number
  /** Where it goes on; absent where it has not read so far, or has no place there any more. */
  readonly back?: Seen
  readonly absent?: true
}

type Lost = { readonly entry: HistoryEntry; readonly mark: Mark }

/** Under the room's lock. */
export async function stepBack(core: RoomCore, { life, after, back, absent }: Step): Promise<void> {
  const { room, parts, line } = core
  const { marks } = parts
  const state = core.state()
  const { meta } = state
  const { writes, lost, remember } = await moved(core, life.incarnation, after)
  const entries = lost.map(({ entry }) => entry)
  const to = entries.at(-1)?.seq
  const noted = noteBehind({ ...meta, life }, life.incarnation, after, to)
  if (!back && !absent) {
    const items = state.outbox.map((item) => unlost(item, after))
    for (const item of items) if (!state.outbox.includes(item)) writes.push(putItem(room, item))
    await core.save({ ...state, meta: noted, outbox: items }, writes, "strict", remember)
    return parts.onLetGo()
  }

  const own = lost.filter(({ entry }) => entry.device === parts.me.device && entry.kind === 0)
  const changed = entries.some(({ kind }) => kind === 1 || kind === 3)
  const stays = back && meta.joined.seq <= after && !changed && own.length <= SKIPPED_MAX
  const group = stays ? state.group : undefined
  const { outbox, waits, edits } = again(core, own, after)
  writes.push(...askedWrites(room, life.incarnation, waits))
  if (edits.size > 0) writes.push(...marks.writes(room, life.incarnation, edits))
  const { ruled: _, rules: __, ...before } = noted
  const next: RoomMeta = {
    ...(await clamped(parts, before, after)),
    ...(back ?? { seq: 0, hash: new Uint8Array(32) }),
    generation: generationAt(meta, entries),
    standing: absent ? "removed" : await standingAt(parts, meta, entries, after),
    lost: !absent && !group && meta.standing !== "removed",
    ...(absent ? { absent, joined: { seq: Number.MAX_SAFE_INTEGER, hash: meta.hash } } : {}),
    ...(back && meta.joined.seq > after ? { joined: back } : {}),
    ...(group ? {} : peopleOf(state, entries, parts)),
    ...afterLoss(meta, (state.group?.judged ?? state.agreed)?.policy, after),
  }
  const agreed = group || absent ? undefined : agreedAt(state, next.generation)
  // With what was asked of the others (past/past.ts): the question is lost, too.
  const over = [keys.outboxes(room), `past/${room}/`].map((dropPrefix) => ({ dropPrefix }))
  writes.push({ drop: keys.commit(room) }, ...over)
  for (const item of outbox) writes.push({ put: keys.outbox(room, item.order), value: item })
  if (!group) writes.push(...groupWrites(parts.crypto, next, undefined, agreed))
  Object.assign(line, {
    sent: false,
    posted: undefined,
    gap: undefined,
    stale: undefined,
    doubted: new Set(),
  })
  await core.save({ meta: next, group, agreed, outbox, pending: undefined }, writes, "strict", () => {
    remember()
    marks.wrote(room, life.incarnation, edits)
  })
  // What had waited for the room.
  parts.onLetGo()
  if (entries.length > 0) parts.alarm("new_incarnation", room)
}

/** What to write so that everything after that position stands under the new life. */
async function moved({ room, parts, state }: RoomCore, life: number, after: number) {
  const { history, marks, store } = parts
  const { meta } = state()
  const { incarnation } = meta
  const writes: SealedWrite[] = []
  const lost: Lost[] = []
  const memory: (() => void)[] = []
  const first = blockOf(Math.max(after + 1, startOf(meta)))
  // Another device of the account may have been further, and what it had kept at the house is here.
  for (let number = first; ; number++) {
    const block = await history.block(room, incarnation, number)
    if (block.length === 0 && number > blockOf(meta.seq)) break
    const gone = block.filter(({ seq }) => seq > after)
    if (gone.length === 0) continue
    const rest = block.filter(({ seq }) => seq <= after)
    const done = await marks.block(room, incarnation, number)
    const goneMarks = new Map([...done].filter(([seq]) => seq > after))
    const none = new Map<number, Mark>([...goneMarks.keys()].map((seq) => [seq, {}]))
    lost.push(...gone.map((entry) => ({ entry, mark: goneMarks.get(entry.seq) ?? {} })))
    const known = { entries: await history.block(room, life, number), marks: new Map<number, Mark>() }
    const kept = merge(known, { entries: gone, marks: goneMarks }).entries
    writes.push(...cutWrites(room, incarnation, number))
    writes.push(...(await history.replace(room, incarnation, number, rest)))
    writes.push(...(await history.replace(room, life, number, kept)))
    writes.push(...marks.writes(room, incarnation, none), ...marks.writes(room, life, goneMarks))
    writes.push(...unsafeWrites(room, incarnation, [number]), ...unsafeWrites(room, life, [number]))
    memory.push(() => {
      history.replaced(room, incarnation, number, rest)
      history.replaced(room, life, number, kept)
      marks.wrote(room, incarnation, none)
      marks.wrote(room, life, goneMarks)
    })
  }
  for (const { key, value } of await store.range<Expiring>(EXPIRY))
    if (value.room === room && value.incarnation === incarnation && value.seq > after)
      writes.push({ put: key, value: { ...value, incarnation: life } satisfies Expiring })
  for (const { key, value } of await store.range<LetGo>(`${LET_GO}${room}/`))
    if (value.seq > after) writes.push({ drop: key })
  return { writes, lost, remember: () => memory.forEach((one) => void one()) }
}

/**
 * The outbox with one's own messages at its head, in the order in which they were said; what of it waits for a lost message of which
 * another device is to say whether it stands there again; and how one's own were to be edited, noted with what is lost.
 */
function again({ parts, state }: RoomCore, own: readonly Lost[], after: number) {
  const { outbox } = state()
  // What this device has not read back from the log may be here all the same, from another one of the account.
  const sent = new Set(outbox.flatMap(({ draft, sealed }) => (sealed ? [draft.was ?? sealed.n] : [])))
  const gone = own.filter(({ entry }) => !sent.has(numberOf(entry)))
  // Recalls and edits that had not gone out yet, or were not read back. What the house has refused has not been done.
  const recalled = new Set<number>()
  const edits = new Map<number, Mark>()
  const waits: OutboxItem[] = []
  for (const item of outbox) {
    const { draft } = item
    if (!isAct(draft) || draft.of.seq <= after || item.state === "refused") continue
    const { seq, n } = draft.of
    const mine = gone.find(({ entry }) => entry.seq === seq && entry.n === n)
    if (mine && draft.kind === "recall") recalled.add(seq)
    else if (mine && draft.kind === "edit" && contentOf(mine.entry))
      edits.set(seq, { ...mine.mark, edit: wordsIn(draft) })
    else waits.push(item)
  }
  const said = gone
    .filter(({ entry }) => !recalled.has(entry.seq))
    .flatMap(({ entry, mark }) => {
      return draftOf(entry, edits.get(entry.seq) ?? mark, after) ?? keptAct(entry, after) ?? []
    })
  const waiting = outbox
    .filter(({ draft }) => stillSays(draft, after))
    .map((item) => (item.sealed ? unsealed(named(item, item.sealed.n)) : item))
  const first = waiting[0]?.order ?? said.length + 1
  const shift = Math.max(0, said.length + 1 - first)
  const begin = first + shift - said.length
  const items = said.map(({ draft, at }, i): OutboxItem => {
    return { order: begin + i, key: parts.newKey(), draft, at, state: "waiting" }
  })
  const all = [...items, ...waiting.map((item) => ({ ...item, order: item.order + shift }))]
  return { outbox: all, waits, edits }
}

const wordsIn = ({ text, mentions }: Extract<Draft, { readonly kind: "edit" }>) => ({
  text,
  ...(mentions ? { mentions } : {}),
})

/** What was to be done to a lost message waits elsewhere; a question to the others is asked anew, and an answer to a lost one is for nobody. */
const stillSays = (draft: Draft, after: number): boolean =>
  isAct(draft)
    ? draft.of.seq <= after
    : draft.kind !== "pastRequest" && (draft.kind !== "pastOffer" || draft.request <= after)

/** Others may have read it before it was lost, and know it by that number. */
const named = (item: OutboxItem, n: number): OutboxItem => ({
  ...item,
  draft: { ...item.draft, was: item.draft.was ?? n },
})

/** What the house had taken, and this device has not read of: it is sent again where it stood in what is lost. */
function unlost(item: OutboxItem, after: number): OutboxItem {
  const { sealed, accepted } = item
  if (!sealed || (accepted && accepted.seq <= after)) return item
  return accepted ? unsealed(named(item, sealed.n)) : named(item, sealed.n)
}

const plain: ReadonlySet<string> = new Set<Draft["kind"]>(["timer", "card", "nick"])

/** As it was edited last. What it answered may be lost too: its place says nothing any more, its words stay. */
function draftOf(entry: HistoryEntry, { edit }: Mark, after: number) {
  const content = contentOf(entry)
  if (!content || content.kind === "unknown") return undefined
  if (textOf(content) === undefined && !plain.has(content.kind)) return undefined
  const { v: _, seen: __, keyHeads: ___, ...said } = content
  const draft: Draft = { ...edited(said, edit), was: said.was ?? entry.n }
  const reply = "reply" in draft ? draft.reply : undefined
  if (!reply || reply.seq <= after) return { draft, at: entry.time }
  return { draft: { ...draft, reply: { ...reply, n: 0 } } as Draft, at: entry.time }
}

function edited(said: Draft, edit: Mark["edit"]): Draft {
  if (said.kind !== "text" || !edit) return said
  const { mentions: _, ...rest } = said
  return { ...rest, text: edit.text, ...(edit.mentions ? { mentions: [...edit.mentions] } : {}) }
}

/** Nothing names a place any more that is another one now. */
async function clamped(parts: RoomParts, meta: RoomMeta, after: number): Promise<RoomMeta> {
  const kept = (seq: number | undefined) => seq !== undefined && seq <= after
  const least = (seq: number) => Math.min(seq, after)
  const { attested: _, sent, missed, mentioned, theirs, heard, pins, receipts, complaint, ...rest } = meta
  const { from, wanted, past, last, card, nicks, fell, blind, returned: __, ...more } = rest
  const read = least(meta.read)
  return {
    ...more,
    read,
    unread: read >= after || meta.unread === 0 ? 0 : await countUnread(parts, meta, read, after),
    ...(sent ? { sent } : {}),
    ...(kept(missed) ? { missed: missed as number } : {}),
    ...(kept(mentioned) ? { mentioned: mentioned as number } : {}),
    ...(kept(theirs) ? { theirs: theirs as number } : {}),
    ...(heard === undefined ? {} : { heard: least(heard) }),
    ...(pins ? { pins: pins.filter(kept) } : {}),
    ...(receipts
      ? {
          receipts: receipts.map((one) => ({
            ...one,
            delivered: least(one.delivered),
            read: least(one.read),
          })),
        }
      : {}),
    ...(complaint && kept(complaint.seq) ? { complaint } : {}),
    ...(kept(from) ? { from: from as number } : {}),
    ...(fell && kept(fell.at) ? { fell } : {}),
    ...(blind ? { blind: blind.filter(({ to }) => kept(to)) } : {}),
    ...(wanted && kept(wanted.from) ? { wanted: { ...wanted, to: least(wanted.to) } } : {}),
    ...(past
      ? {
          past: {
            asks: past.asks.filter(({ seq }) => kept(seq)),
            offers: past.offers.filter(({ seq }) => kept(seq)),
            over: past.over.filter(kept),
            news: past.news.filter(({ by }) => kept(by.seq)),
          },
        }
      : {}),
    ...(last ? { last: withoutPlace(last, after) } : {}),
    ...(card ? { card: cardAt(card, after) } : {}),
    ...(nicks
      ? {
          nicks: Object.fromEntries(
            Object.entries(nicks).map(([user, nick]) => [user, { ...nick, seq: least(nick.seq) }]),
          ),
        }
      : {}),
  }
}

/** The line stays in the list, because it is still read here. */
function withoutPlace({ seq, ...line }: NonNullable<RoomMeta["last"]>, after: number) {
  return seq !== undefined && seq <= after ? { ...line, seq } : line
}

function cardAt(card: NonNullable<RoomMeta["card"]>, after: number) {
  const { announced } = card
  const said = announced === undefined ? {} : { announced: Math.min(announced, after) }
  return { ...card, seq: Math.min(card.seq, after), ...said }
}

function generationAt(meta: RoomMeta, lost: readonly HistoryEntry[]): number {
  const opened = lost.find(({ kind }) => kind === 3)
  return opened ? opened.generation - 1 : meta.generation
}

/** The people are those that were agreed on; the generation is the house's, so that the next one may follow it. */
function agreedAt({ group, agreed }: RoomState, generation: number): Agreed | undefined {
  const last = group ? agreedOf(group.judged) : agreed
  return last && { ...last, generation }
}

/** Where what was lost had frozen the room, or opened it again: what was said before holds. */
async function standingAt(
  { history }: RoomParts,
  meta: RoomMeta,
  lost: readonly HistoryEntry[],
  after: number,
): Promise<RoomMeta["standing"]> {
  const says = ({ item }: HistoryEntry) => item.type === "notice" && standings[item.notice] !== undefined
  if (meta.standing === "removed" || !lost.some(says)) return meta.standing
  for (let number = blockOf(after); number >= blockOf(startOf(meta)); number--) {
    const block = await history.block(meta.room, meta.incarnation, number)
    const found = block.findLast((entry) => entry.seq <= after && says(entry))
    if (found?.item.type === "notice") return standings[found.item.notice] ?? "open"
  }
  return meta.kind === "direct" ? "pending" : "open"
}
const standings: { readonly [notice: string]: RoomMeta["standing"] | undefined } = {
  frozen: "frozen",
  resumed: "open",
  friends: "open",
}

/** Who had been taken out, whom this device had added, and the epoch below which nothing is this room. */
function peopleOf(
  { meta, group, agreed: before }: RoomState,
  lost: readonly HistoryEntry[],
  { me, clock, pace }: Pick<RoomParts, "me" | "clock" | "pace">,
): Pick<RoomMeta, "out" | "again" | "floor"> {
  const until = clock() + pace.patienceMs
  const agreed = group ? agreedOf(group.judged) : before
  const there = new Set(agreed?.people.map(({ user }) => user))
  const out = new Map(meta.out?.map((one) => [one.user, one]))
  const mine = new Set(meta.again)
  for (const { item, device } of lost) {
    if (item.type !== "members") continue
    for (const user of item.left) out.set(user, { user, by: device, until })
    if (device === me.device) for (const user of item.joined) mine.add(user)
  }
  const gone = [...out.values()].filter(({ user }) => user !== me.user && !there.has(user))
  const added = meta.kind === "group" ? [...mine].filter((user) => there.has(user)) : []
  const commits = lost.filter(({ kind }) => kind === 1).length
  const same = group && !lost.some(({ kind }) => kind === 3)
  return {
    ...(gone.length > 0 ? { out: gone } : {}),
    ...(added.length > 0 ? { again: added } : {}),
    ...(same ? { floor: { generation: group.generation, epoch: group.epoch - commits } } : {}),
  }
}

// --------------------------------------------------------------------------------------------- what stands there again

type Place = { readonly life: number; readonly seq: number }
type Repeats = { readonly of: RoomMeta["behind"]; readonly places: ReadonlyMap<string, readonly Place[]> }
const found = new WeakMap<RoomCore, Repeats>()
const nameOf = (device: Id, n: number) => `${device}:${n}`

async function places(core: RoomCore): Promise<Repeats["places"]> {
  const { behind = [] } = core.state().meta
  const known = found.get(core)
  if (known?.of === behind) return known.places
  const all = new Map<string, Place[]>()
  for (const { life, after, to } of behind)
    for (let number = blockOf(after + 1); number <= blockOf(to); number++)
      for (const entry of await core.parts.history.block(core.room, life, number)) {
        if (entry.item.type !== "content") continue
        const name = nameOf(entry.device, numberOf(entry))
        all.set(name, [...(all.get(name) ?? []), { life, seq: entry.seq }])
      }
  found.set(core, { of: behind, places: all })
  return all
}

/**
 * The lost ones that stand in the log again with this entry; one whose words are others is none of them. `first`: nor is it another
 * where it is said as it was before an edit, of which the device that says it again has not read.
 */
export async function repeatedBy(
  core: RoomCore,
  { device, n }: Pick<HistoryEntry, "device" | "n">,
  content: Content,
  first?: "first",
): Promise<readonly Place[]> {
  if (content.kind === "unknown") return []
  const { history, marks } = core.parts
  const same: Place[] = []
  for (const place of (await places(core)).get(nameOf(device, content.was ?? n)) ?? []) {
    const entry = (await history.block(core.room, place.life, blockOf(place.seq))).find(
      ({ seq }) => seq === place.seq,
    )
    const lost = entry && contentOf(entry)
    if (!lost || lost.kind === "unknown") continue
    const { edit } = (await marks.get(core.room, place.life, place.seq)) ?? {}
    const says = wordsOf(content)
    if (sameBytes(wordsOf(lost, edit), says) || (first && sameBytes(wordsOf(lost), says))) same.push(place)
  }
  return same
}

/** What it says, whenever and wherever it stands. */
const wordsOf = (
  { v: _, seen: __, was: ___, keyHeads: ____, ...said }: Known,
  edit?: Mark["edit"],
): Uint8Array => {
  const now = edited(said, edit)
  const reply = "reply" in now && now.reply ? { reply: now.reply.text } : {}
  const fields = Object.entries({ ...now, ...reply }).sort(([a], [b]) => (a < b ? -1 : 1))
  return pack(fields.filter(([, value]) => value !== undefined))
}

/** What to write so that they are read once, where they stand now. */
export async function repeatedWrites(core: RoomCore, repeats: readonly Place[]) {
  const { history } = core.parts
  const writes: SealedWrite[] = []
  const memory: (() => void)[] = []
  for (const life of new Set(repeats.map((one) => one.life))) {
    const anew: HistoryEntry[] = []
    for (const { seq } of repeats.filter((one) => one.life === life)) {
      const entry = (await history.block(core.room, life, blockOf(seq))).find((one) => one.seq === seq)
      if (entry) anew.push({ ...entry, item: { type: "gone", why: "repeated" } })
    }
    writes.push(...(await history.add(core.room, life, [], anew)))
    memory.push(() => history.added(core.room, life, [], anew))
  }
  return { writes, remember: () => memory.forEach((one) => void one()) }
}

/** What stands there again, also where another device or person brings it. */
export async function repeatedIn(
  core: RoomCore,
  all: readonly HistoryEntry[],
  before: readonly HistoryEntry[],
) {
  const known = new Map(before.map((entry) => [entry.seq, entry.item]))
  const places: Place[] = []
  for (const entry of all) {
    const content = known.get(entry.seq) === entry.item ? undefined : contentOf(entry)
    if (content) places.push(...(await repeatedBy(core, entry, content)))
  }
  return places.length > 0 ? repeatedWrites(core, places) : undefined
}

/** What another device of the account had, and a restored house has lost. */
export function withBehind(meta: RoomMeta, life: number, all: readonly HistoryEntry[]): RoomMeta {
  const [first, last] = [all[0]?.seq, all.at(-1)?.seq]
  return first === undefined || life <= meta.incarnation ? meta : noteBehind(meta, life, first - 1, last)
}

/** `to`: undefined where nothing is lost. */
function noteBehind(meta: RoomMeta, life: number, after: number, to: number | undefined): RoomMeta {
  if (to === undefined) return meta
  const known = meta.behind?.find((one) => one.life === life)
  const next = { life, after: Math.min(known?.after ?? after, after), to: Math.max(known?.to ?? to, to) }
  if (known?.after === next.after && known.to === next.to) return meta
  const others = (meta.behind ?? []).filter((one) => one !== known)
  return { ...meta, behind: [...others, next].sort((a, b) => a.life - b.life) }
}
