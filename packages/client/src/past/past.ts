/**
 * The part of a room's past that this account's own devices cannot have: what was said while none of them was there, and what a
 * group shares with who comes in (docs/decisions/21).
 *
 *   ask     one small sealed message in the room; it waits in the log for whoever has a device online, today or in a week
 *   answer  whoever's turn it is seals what the asker may have (entitled.ts) to the asker's device, and uploads it
 *   take    what holds (page.ts) fills in where nothing is; what does not is left out, said, and asked of the others
 *
 * Nothing of it is seen by people but the lines that come, and by whom they were given.
 */
import { concat, sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import { errors } from "@teahouse/protocol/error.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { type Changes, topics } from "../changes.ts"
import { EXCEPT_MAX, PAGE_MAX, RANGES_MAX, type Range } from "../content/past.ts"
import type { Crypto, Device, KeyPair } from "../crypto/port.ts"
import type { BlobHttp } from "../file/blob-http.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { type History, SEGMENT } from "../history/history.ts"
import { isMissing } from "../history/holes.ts"
import { letGoWrites } from "../history/let-go.ts"
import type { Mark, MarkStore } from "../history/marks.ts"
import { createLock, type Lock } from "../lock.ts"
import type { Clock, Jitter, Timers } from "../platform.ts"
import type { Problem } from "../problem.ts"
import type { Ask, Offer, Past, RoomMeta, Wanted } from "../room/records.ts"
import type { RoomActor } from "../room/room.ts"
import type { Rooms } from "../room/rooms.ts"
import type { SealedStore } from "../store/sealed.ts"
import type { Alarm } from "../view/port/account.ts"
import { entitled } from "./entitled.ts"
import { ASK_MS, minus, takeNews } from "./fold.ts"
import { decodePage, encodePage, holds, pageData } from "./page.ts"

export type PastParts = {
  readonly store: SealedStore
  readonly crypto: Crypto
  readonly me: Device
  readonly rooms: Rooms
  readonly history: History
  readonly marks: MarkStore
  readonly http: BlobHttp
  /** Whether all that the house kept of a room is here. */
  readonly isSettled: (room: Id) => boolean
  /** Whether this person wants a chat's history kept. */
  readonly keeps: (room: Id) => Promise<boolean>
  readonly alarm: (kind: Alarm["kind"], room: Id) => void
  readonly onLetGo: () => void
  readonly changes: Changes
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  readonly afterMs: number
  readonly turnsAnHour: number
  readonly onFailure: (error: unknown) => void
}

/** What this device has asked for in a room. */
type Asked = {
  readonly key: KeyPair
  readonly at?: number
  readonly times: number
  readonly refused: readonly Id[]
  /** Of what was asked last. */
  readonly ranges?: readonly Range[]
  /** An answer did not hold, or is not there any more. */
  readonly again?: true
}

/** Entries of one page, and of one turn; who asks for more is answered by the next. */
const PAGE_ENTRIES = 1_024
const TURN_ENTRIES = 4 * PAGE_ENTRIES
const PAGE_BYTES = 1024 * 1024
const HOUR_MS = 3_600_000
/** Requests of one device in one room. */
const TIMES_MAX = 5
/** Members have a turn each in an order of their own for each request; from here on they share what is left. */
const TURNS = 12
/** A room begins with its opening and who is added to it: nobody may have entries of these. */
const OPENING = 2
const RETRY_MS = 15_000
/** How many turns are waited for before a question is asked again of who has come since. */
const AGAIN_TURNS = 4

const key = (room: Id) => `past/${room}/asked`
const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

export type PastKeeper = ReturnType<typeof createPast>

export function createPast(parts: PastParts) {
  const { store, crypto, me, rooms, history, marks, http, clock, timers, onFailure } = parts
  const locks = new Map<Id, Lock>()
  const again = new Set<Id>()
  const planned = new Map<string, { readonly word: string; readonly cancel: () => void }>()
  /** Nothing to give, until what is asked for or what is here changes. */
  const nothing = new Map<string, string>()
  /** Pages that were taken in a room. */
  const taken = new Map<Id, number>()
  const turns = new Map<Id, readonly number[]>()
  const waits = new Map<Id, () => void>()
  let stopped = false

  const note = (room: Id) => {
    if (stopped || again.has(room)) return
    again.add(room)
    const lock = locks.get(room) ?? createLock()
    locks.set(room, lock)
    lock(async () => {
      again.delete(room)
      const actor = rooms.get(room)
      if (actor && !stopped) await look(actor)
    }).catch(onFailure)
  }
  const later = (room: Id, ms = RETRY_MS) => {
    waits.get(room)?.()
    waits.set(
      room,
      timers(ms, () => note(room)),
    )
  }

  const settle = (actor: RoomActor) =>
    actor.change((state) =>
      state.meta.past && state.meta.past.news.length > 0
        ? { next: { ...state, meta: takeNews(state.meta, me) }, writes: [] }
        : undefined,
    )

  const look = async (actor: RoomActor) => {
    await settle(actor)
    const { meta, group } = actor.state()
    if (meta.kind === "self" || meta.standing !== "open" || !group || !actor.live()) return
    const old = meta.past?.asks.filter(({ at }) => at < clock() - ASK_MS) ?? []
    if (old.length > 0)
      await changePast(actor, (past) => ({
        ...past,
        asks: past.asks.filter((ask) => !old.some(({ seq }) => seq === ask.seq)),
        over: [...past.over, ...old.flatMap(({ own }) => own)],
      }))
    if (meta.past && meta.past.over.length > 0) await letGo(actor, meta.past.over)
    if (meta.past && meta.past.offers.length > 0) await takeOffers(actor, meta.past.offers)
    await want(actor)
    const asks = actor.state().meta.past?.asks ?? []
    if (asks.length > 0) await plan(actor, asks)
  }

  const changePast = (actor: RoomActor, to: (past: Past) => Past) =>
    actor.change((state) => {
      const { past } = state.meta
      return past && { next: { ...state, meta: { ...state.meta, past: to(past) } }, writes: [] }
    })

  const letGo = async (actor: RoomActor, seqs: readonly number[]) => {
    await store.write(letGoWrites(actor.room, seqs, "expire"))
    await changePast(actor, (past) => ({ ...past, over: past.over.filter((seq) => !seqs.includes(seq)) }))
    parts.onLetGo()
  }

  // -------------------------------------------------------------------------------------------------------------- ask

  /** Positions that nobody has given; the newest first, as many as a request can name. */
  const missingIn = async (meta: RoomMeta, { from, to }: Range) => {
    const ranges: Range[] = []
    let count = 0
    for (let number = blockOf(to); number >= blockOf(from); number--) {
      const block = await history.block(meta.room, meta.incarnation, number)
      const known = new Set(block.flatMap((entry) => (isMissing(entry) ? [] : [entry.seq])))
      const first = Math.max(from, number * SEGMENT)
      for (let seq = Math.min(to, number * SEGMENT + SEGMENT - 1); seq >= first; seq--) {
        if (known.has(seq)) continue
        count++
        const last = ranges.at(-1)
        if (last?.from === seq + 1) ranges[ranges.length - 1] = { from: seq, to: last.to }
        else ranges.push({ from: seq, to: seq })
      }
    }
    return { ranges: ranges.slice(0, RANGES_MAX), count }
  }

  const setWanted = (actor: RoomActor, wanted: Wanted, count: number | undefined) =>
    actor.change((state) => {
      const { gap: _, ...meta } = state.meta
      const next = { ...meta, wanted, ...(count ? { gap: count } : {}) }
      return { next: { ...state, meta: next }, writes: [] }
    })

  const want = async (actor: RoomActor) => {
    const { room } = actor
    const { meta, outbox } = actor.state()
    const { gap, joined } = meta
    const wanted = meta.wanted ?? (gap ? { from: joined.seq - gap, to: joined.seq - 1 } : undefined)
    if (!wanted || wanted.done) return
    if (!parts.isSettled(room) || !(await parts.keeps(room))) return
    const { ranges, count } = await missingIn(meta, wanted)
    const gapLeft = wanted.since === undefined ? count : undefined
    if (!meta.wanted || (gapLeft !== undefined && (gap ?? 0) !== gapLeft))
      await setWanted(actor, wanted, gapLeft)
    const asked = await store.get<Asked>(key(room))
    const same = (other: Uint8Array) => asked !== undefined && sameBytes(other, asked.key.publicKey)
    if (outbox.some(({ draft }) => draft.kind === "pastRequest" && same(draft.key))) return
    const ask = meta.past?.asks.find((one) => one.user === me.user && same(one.key))
    const due = actor.state().meta.past?.offers.some((offer) => same(offer.key))
    if (due) return
    const closed = ask !== undefined && ask.open.length === 0 && !asked?.again
    const all = ranges.length === 0 || (ask !== undefined && ranges.every(({ to }) => to <= OPENING))
    if (all || (closed && wanted.since !== undefined)) {
      await setWanted(actor, { ...wanted, done: true }, gapLeft)
      if (ask && asked)
        await actor.post({ kind: "pastRequest", key: asked.key.publicKey, ranges: [], except: [] })
      // Whatever is missed another time is asked for anew.
      await store.write([{ drop: key(room) }])
      return
    }
    // Something else is missing since: nobody who could not give the rest has been asked for it.
    const more = asked?.ranges !== undefined && minus(ranges, asked.ranges).length > 0
    if (ask && !asked?.again && !more) {
      // Who has come back since has not read the question, and may be the one who has the answer: all may have lost the group at once.
      if (ask.open.length === 0 || (meta.returned ?? 0) <= ask.seq) return
      const pause = parts.afterMs * AGAIN_TURNS
      if (Math.abs(clock() - (asked?.at ?? 0)) < pause) return later(room, pause)
    }
    const times = more ? 0 : (asked?.times ?? 0)
    if (times >= TIMES_MAX) return
    const { again: _, ...before } = asked ?? { key: crypto.device.newPastKey(), refused: [] }
    const next: Asked = { ...before, at: clock(), times: times + 1, ranges }
    // The key is on the disk before anybody can seal to it.
    await store.write([{ put: key(room), value: next }], "strict")
    const { publicKey } = next.key
    await actor.post({ kind: "pastRequest", key: publicKey, ranges: [...ranges], except: [...next.refused] })
  }

  // ------------------------------------------------------------------------------------------------------------- take

  const takeOffers = async (actor: RoomActor, offers: readonly Offer[]) => {
    const { room } = actor
    for (const offer of offers) {
      const asked = await store.get<Asked>(key(room))
      const mine = asked && sameBytes(offer.key, asked.key.publicKey)
      const outcome = mine && offer.page ? await takePage(actor, asked.key, offer, offer.page) : "taken"
      if (outcome === "later") return later(room)
      if (asked && mine && outcome !== "taken") {
        const refused = [...new Set([...asked.refused, offer.user])].slice(-EXCEPT_MAX)
        await store.write([{ put: key(room), value: { ...asked, refused, again: true } satisfies Asked }])
        if (outcome === "refused") parts.alarm("past_refused", room)
      }
      await changePast(actor, (past) => ({
        ...past,
        offers: past.offers.filter(({ seq }) => seq !== offer.seq),
      }))
    }
  }

  const takePage = async (
    actor: RoomActor,
    { privateKey }: KeyPair,
    { seq: at, user, request, ranges }: Offer,
    { size, ...blob }: NonNullable<Offer["page"]>,
  ): Promise<"taken" | "refused" | "lost" | "later"> => {
    const { room } = actor
    const { meta, group } = actor.state()
    const { wanted, incarnation, joined } = meta
    if (!wanted || !group) return "taken"
    const sealed = await http.read(blob, 0, size)
    if (!sealed.ok) return sealed.error.kind === "unknown_blob" ? "lost" : "later"
    const bound = pageData(room, incarnation, request, user)
    const plain = await crypto.device.openPast(privateKey, bound, sealed.value)
    const given = plain.ok ? await decodePage(plain.value) : undefined
    if (!given) return "refused"
    const owners = new Map(group.judged.leaves.map((leaf) => [leaf.device, leaf.user]))
    const entryAt = async (seq: number) => {
      const entry = (await history.block(room, incarnation, blockOf(seq))).find((one) => one.seq === seq)
      return entry?.given ? undefined : entry
    }
    const good = await holds(given, ranges, {
      wanted,
      entryAt,
      hashAt: async (seq) => (seq === joined.seq ? joined.hash : (await entryAt(seq))?.hash),
      ownerOf: (device) => owners.get(device),
    })
    if (!good) return "refused"
    for (const [number, block] of given.blocks) {
      const entries = block.entries.map((entry) => ({ ...entry, given: { user, at } }))
      await actor.fill({ incarnation, number }, { entries, marks: block.marks })
    }
    taken.set(room, (taken.get(room) ?? 0) + 1)
    if (wanted.since !== undefined) return "taken"
    // Of a gap nothing was closed to this person: what was offered and did not come may be had from another.
    const came = [...given.blocks.values()].flatMap(({ entries }) => entries)
    const short = minus(
      ranges,
      came.map(({ seq }) => ({ from: seq, to: seq })),
    )
    return short.length > 0 ? "lost" : "taken"
  }

  // ----------------------------------------------------------------------------------------------------------- answer

  const openOf = (actor: RoomActor, ask: Ask): readonly Range[] => {
    const waiting = actor
      .state()
      .outbox.flatMap(({ draft }) =>
        draft.kind === "pastOffer" && draft.request === ask.seq ? draft.ranges : [],
      )
    return minus(ask.open, waiting)
  }

  /** Each request has an order of its own, so that nobody is asked first every time, and nobody has to say who answers. */
  const turnOf = (actor: RoomActor, ask: Ask): number => {
    const users = actor.state().meta.users.filter((user) => user !== ask.user)
    const place = (user: Id) => toBase64url(sha256(concat(ask.key, idBytes(user))))
    const own = place(me.user)
    return users.filter((user) => place(user) < own).length
  }

  /** Who has nothing while the house's part of it is on its way, or another's, may have it afterwards. */
  const wordOf = (room: Id, open: readonly Range[]) =>
    JSON.stringify([parts.isSettled(room), taken.get(room) ?? 0, open])

  const plan = async (actor: RoomActor, asks: readonly Ask[]) => {
    const { room } = actor
    const asked = await store.get<Asked>(key(room))
    for (const ask of asks) {
      const name = `${room}/${ask.seq}`
      const open = openOf(actor, ask)
      const own = asked && sameBytes(ask.key, asked.key.publicKey)
      const word = wordOf(room, open)
      const known = planned.get(name)
      if (known?.word === word) continue
      known?.cancel()
      planned.delete(name)
      if (own || open.length === 0 || ask.except.includes(me.user) || nothing.get(name) === word) continue
      const turn = turnOf(actor, ask)
      const spread = turn < TURNS ? turn + parts.jitter() : TURNS + parts.jitter() * turn
      const cancel = timers(parts.afterMs * spread, () => {
        planned.delete(name)
        locks
          .get(room)?.(async () => {
            const now = rooms.get(room)
            if (now) await settle(now)
            const still = now?.state().meta.past?.asks.find(({ seq }) => seq === ask.seq)
            if (now && still && !stopped) await answer(now, still)
          })
          .catch(onFailure)
      })
      planned.set(name, { word, cancel })
    }
  }

  const answer = async (actor: RoomActor, ask: Ask) => {
    const { room } = actor
    const { meta, group } = actor.state()
    const open = openOf(actor, ask)
    const name = `${room}/${ask.seq}`
    const word = wordOf(room, open)
    const still = group?.judged.leaves.some(({ user }) => user === ask.user)
    if (open.length === 0 || !still || !actor.live() || meta.standing !== "open") return
    if (!(await parts.keeps(room))) return void nothing.set(name, word)
    const recent = (turns.get(ask.user) ?? []).filter((at) => at > clock() - HOUR_MS)
    if (recent.length >= parts.turnsAnHour) return later(room)
    const { incarnation } = meta
    const block = (number: number) => history.block(room, incarnation, number)
    const { entries, closed } = await entitled(
      block,
      meta.seq,
      { ...ask, open },
      clock(),
      TURN_ENTRIES,
      meta.blind,
    )
    const rest = closed === undefined ? [] : minus(open, [{ from: closed + 1, to: Number.MAX_SAFE_INTEGER }])
    if (entries.length === 0 && rest.length === 0) return void nothing.set(name, word)
    turns.set(ask.user, [...recent, clock()])
    const pages = pagesOf(entries)
    for (const [i, page] of pages.entries()) {
      const last = i === pages.length - 1
      const made = await upload(actor, ask, page)
      if (made === "later" || stopped) return later(room)
      // Another member may have more room with the house.
      if (!made) return void nothing.set(name, word)
      const ranges = [...rangesOf(page), ...(last ? rest : [])].slice(0, RANGES_MAX)
      await actor.post({ kind: "pastOffer", request: ask.seq, ranges, page: made })
    }
    if (pages.length === 0)
      await actor.post({ kind: "pastOffer", request: ask.seq, ranges: rest.slice(0, RANGES_MAX) })
  }

  const upload = async (actor: RoomActor, ask: Ask, page: readonly HistoryEntry[]) => {
    const { room } = actor
    const { incarnation } = actor.state().meta
    const done = new Map<number, Mark>()
    for (const number of new Set(page.map(({ seq }) => blockOf(seq))))
      for (const [seq, mark] of await marks.block(room, incarnation, number)) done.set(seq, mark)
    const beside = rangesOf(page).flatMap(({ from, to }) => [from - 1, to + 1])
    const edges = []
    for (const seq of new Set(beside)) {
      const entry = (await history.block(room, incarnation, blockOf(seq))).find((one) => one.seq === seq)
      if (entry && !entry.given) edges.push({ seq, hash: entry.hash })
    }
    const plain = await encodePage(page, done, edges)
    const sealed = await crypto.device.sealPast(ask.key, pageData(room, incarnation, ask.seq, me.user), plain)
    if (!sealed.ok || sealed.value.length > PAGE_MAX) return undefined
    const size = sealed.value.length
    const blob = idFrom(crypto.sealed.randomBytes(16))
    const token = crypto.sealed.randomBytes(16)
    const stands = await http.create({ blob, token, sealedSize: size })
    if (!stands.ok) return isLasting(stands.error) ? undefined : "later"
    const sent = await http.send(blob, stands.value, sealed.value.subarray(stands.value))
    return sent.ok && sent.value === size ? { blob, token, size } : "later"
  }

  const off = parts.changes.on([topics.safekeeping], () => {
    for (const actor of rooms.all()) {
      const { gap, wanted, past } = actor.state().meta
      if (gap || (wanted && !wanted.done) || past?.offers.length || past?.asks.length) note(actor.room)
    }
  })

  return {
    /** Something of this room was stored, or its log was read to the end. */
    note,
    async stop() {
      stopped = true
      off()
      for (const { cancel } of planned.values()) cancel()
      for (const cancel of waits.values()) cancel()
      await Promise.all([...locks.values()].map((lock) => lock(async () => {})))
    },
  }
}

const isLasting = ({ kind }: Problem): boolean =>
  kind in errors && errors[kind as keyof typeof errors].retry === "never"

const weightOf = ({ item }: HistoryEntry): number => 200 + (item.type === "content" ? item.bytes.length : 0)

/** The newest first, in pages and in what they hold. No page has more runs than an answer can name. */
function pagesOf(entries: readonly HistoryEntry[]): HistoryEntry[][] {
  const pages: HistoryEntry[][] = []
  let bytes = 0
  let runs = 0
  for (const entry of entries) {
    const page = pages.at(-1)
    const begins = page?.at(-1)?.seq !== entry.seq + 1
    const full = page && (page.length >= PAGE_ENTRIES || bytes + weightOf(entry) > PAGE_BYTES || runs >= 32)
    if (page && !full) {
      page.push(entry)
      if (begins) runs++
      bytes += weightOf(entry)
    } else {
      pages.push([entry])
      bytes = weightOf(entry)
      runs = 1
    }
  }
  return pages
}

function rangesOf(page: readonly HistoryEntry[]): Range[] {
  const ranges: Range[] = []
  for (const { seq } of page) {
    const last = ranges.at(-1)
    if (last?.from === seq + 1) ranges[ranges.length - 1] = { from: seq, to: last.to }
    else ranges.push({ from: seq, to: seq })
  }
  return ranges
}
