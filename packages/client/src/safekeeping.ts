/**
 * The history that the house keeps for this account, so that a new device has the past without another one being there
 * (SECURITY "History and notebook"). Two lanes, beside the way of a message and never in it:
 *
 *   up    blocks that changed here → merged with what the house has → sealed → compare-and-set
 *   down  blocks that are newer in the house → opened → merged into the room's history; the newest of every chat first
 *
 * What is not in the house yet is written down with the change itself (history/unsafe.ts), so a crash loses none of it. Two
 * devices that keep the same block do not fight: who comes second reads, merges, and mostly finds nothing left to say.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { HistorySegment } from "@teahouse/protocol/http/history.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import type { AccountKeyRing } from "./account/keys.ts"
import type { Alarms } from "./alarms.ts"
import { backoff } from "./backoff.ts"
import { type Changes, topics } from "./changes.ts"
import type { SealedCrypto } from "./crypto/port.ts"
import { blocksGone, SEGMENT } from "./history/history.ts"
import type { Kept } from "./history/kept.ts"
import { shared } from "./history/merge.ts"
import { UNSAFE, type Unsafe, unsafeChanges, unsafeKey, unsafeWrites } from "./history/unsafe.ts"
import { wholeOf } from "./history/whole.ts"
import type { Call } from "./http.ts"
import { blocksOf, type ImportHead } from "./imported/imports.ts"
import { IMPORTED_INCARNATION } from "./imported/place.ts"
import { createLock } from "./lock.ts"
import type { Clock, Jitter, Timers } from "./platform.ts"
import type { Problem } from "./problem.ts"
import { keys as roomKeys, startOf } from "./room/records.ts"
import type { RoomActor } from "./room/room.ts"
import type { Rooms } from "./room/rooms.ts"
import { isFull } from "./store/full.ts"
import { numberKey } from "./store/port.ts"
import type { SealedStore } from "./store/sealed.ts"

export type SafekeepingPace = {
  /** A block goes up when nothing has changed for between one and two of these (ms): all of a room's members keep theirs … */
  readonly quietMs: number
  /** … or when it has waited this long. In a busy chat a block is written over and over: not with every message. */
  readonly longestMs: number
}
export const safekeepingPace: SafekeepingPace = { quietMs: 2_000, longestMs: 30_000 }

export type SafekeepingParts = {
  readonly store: SealedStore
  readonly sealed: SealedCrypto
  readonly keys: AccountKeyRing
  readonly user: Id
  readonly call: Call
  readonly rooms: Rooms
  /** Whether this person wants a chat's history kept. */
  readonly keeps: (room: Id) => Promise<boolean>
  /** What was imported into it. */
  readonly imported: (room: Id) => readonly Pick<ImportHead, "base" | "lines">[]
  /** The house's incarnation, as it has greeted this device. A room is compared once it knows what a restored house has lost of it. */
  readonly life: () => number
  readonly alarms: Alarms
  readonly changes: Changes
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  readonly pace: SafekeepingPace
  readonly onFailure: (error: unknown) => void
}

/** A segment as the house has it, and how far this device knows it. */
type Safe = HistorySegment & {
  /** The version that is merged into the history here; 0: none. */
  readonly got: number
  /** Of that version, unpacked: the same again need not go up. */
  readonly digest?: Uint8Array
  /** A version that could not be opened. It is not written over. */
  readonly damaged?: number
  /** The house has lost what it had: it has this older version (0: none), and gets what is here again, on top of it. */
  readonly back?: number
  /** In the order in which the house told of them. */
  readonly order: number
}
type Standing = {
  readonly cursor: number
  readonly used: number
  readonly quota: number
  readonly order: number
}

/** Loaded when the first block comes or goes: nobody waits for it to chat. */
const codec = () => import("./history/keeping.ts")

const SAFE = "safe/"
const STANDING = "safekeeping"
/** Without these the house and this device are compared from the beginning. */
export const SAFEKEEPING = [SAFE, STANDING]
const ATTEMPTS = 5
/** Of each chat, before anything that is further back: positions that fill the first screen. */
const FIRST_POSITIONS = 100
/** Fetched side by side. */
const LANES = 4

type Place = { readonly room: Id; readonly incarnation: number; readonly number: number }
const safeKey = ({ room, incarnation, number }: Place) => `${SAFE}${room}/${incarnation}/${numberKey(number)}`
const paramsOf = ({ room, incarnation, number }: Place) => ({ room, incarnation, number })

export type Safekeeping = Awaited<ReturnType<typeof openSafekeeping>>

/** The newest blocks of each room, looked through for holes at a start. */
const LOOKED_THROUGH = 16

export async function openSafekeeping(parts: SafekeepingParts) {
  const { store, sealed, keys, user, call, rooms, alarms, changes, clock, timers, onFailure } = parts
  let standing = await store.get<Standing>(STANDING)
  /** Newer in the house than here. */
  const pending = new Map<string, Safe>()
  const here = new Set(await store.keys(roomKeys.meta("" as Id)))
  for (const { key, value } of await store.range<Safe>(SAFE)) {
    // The room's own record is gone: when it has come anew, so does its past.
    const safe = here.has(roomKeys.meta(value.room)) ? value : { ...value, got: 0 }
    if (safe.got < value.got) await store.write([{ put: key, value: safe }])
    if (isNews(safe)) pending.set(key, safe)
  }
  let restored = 0
  let unsafe = (await store.range<Unsafe>(UNSAFE)).length
  let counted = unsafeChanges()
  let problem: Problem | undefined
  let online = false
  let joining = false
  let stopped = false
  const tell = () => changes.emit(topics.safekeeping)

  // ----------------------------------------------------------------------------------------------- what the house has

  /** When a block came to its version here: an answer that was asked for before may be older, and takes nothing back. */
  const moved = new Map<string, number>()
  let turn = 0
  const pulling = createLock()
  const pull = (): Promise<Problem | undefined> =>
    pulling(async () => {
      /** All that the house has, where it has less than it had and is read from the beginning. */
      let whole: Set<string> | undefined
      for (;;) {
        const since = standing?.cursor ?? 0
        const asked = ++turn
        const answer = await call("listHistory", { request: { since } })
        if (!answer.ok) return answer.error
        const { segments, cursor, more, used, quota } = answer.value
        if (cursor < since && standing) {
          whole = new Set()
          standing = { ...standing, cursor: 0 }
          continue
        }
        let order = standing?.order ?? 0
        const writes = []
        // A new device hears of hundreds, and has none of them: asked for one after another they would keep its first screen waiting.
        const all =
          since === 0
            ? new Map((await store.range<Safe>(SAFE)).map((row) => [row.key, row.value]))
            : undefined
        for (const segment of segments) {
          const key = safeKey(segment)
          whole?.add(key)
          const known = all ? all.get(key) : await store.get<Safe>(key)
          const overtaken = (moved.get(key) ?? 0) > asked
          if (known && segment.version < known.version && !overtaken)
            await takenBack(segment, segment.version)
          const isBack = segment.version === known?.version && known.back !== undefined
          if (known && segment.version <= known.version && !isBack) continue
          const { back: _, ...before } = { got: 0, ...known }
          const value: Safe = { ...before, ...(isBack && { got: 0 }), ...segment, order: ++order }
          writes.push({ put: key, value })
          if (isNews(value)) pending.set(key, value)
          else pending.delete(key)
        }
        standing = { cursor, used, quota, order }
        await store.write([...writes, { put: STANDING, value: standing }])
        tell()
        // A house that says there is more and does not go on is not asked for ever.
        if (more && cursor > since) continue
        for (const { key, value } of whole && !more ? await store.range<Safe>(SAFE) : [])
          if (!whole?.has(key)) await takenBack(value, 0)
        return undefined
      }
    })

  /**
   * The house has an older version than it had, in one and the same life (SECURITY R5). What is here is kept, and goes up again on
   * top of that; what was deleted is deleted once more.
   */
  const takenBack = async (place: Place, back: number) => {
    const known = await store.get<Safe>(safeKey(place))
    if (!known || known.back === back || known.version <= back) return
    const { room, incarnation, number } = known
    await alarms.raise("account_rolled_back", room)
    // What was not fetched of it will not come any more.
    const value: Safe = { ...known, back, got: known.version }
    await store.write([{ put: safeKey(known), value }, ...unsafeWrites(room, incarnation, [number])])
    pending.delete(safeKey(known))
    if (!(await parts.keeps(room))) await call("dropHistory", { params: { room } })
  }

  /** undefined with `got` unchanged: it cannot be opened. */
  const open = async (safe: Safe, version: number, generation: number, bytes: Uint8Array) => {
    const opener = await keys.of(generation)
    const { room, incarnation, number } = safe
    const place = { user, room, incarnation, number, version }
    const packed = opener && (await sealed.openHistory(opener, place, bytes))
    const { decodeSegment, inflated } = await codec()
    const plain = packed?.ok ? await inflated(packed.value) : undefined
    const kept = plain && decodeSegment(plain, number)
    return kept && { kept, digest: sha256(plain) }
  }

  const bringing = createLock()
  /** Fetches one block and merges it into the room's history. */
  const bring = async (actor: RoomActor, safe: Safe): Promise<Problem | undefined> => {
    const key = safeKey(safe)
    if (!actor.settled(parts.life())) return { kind: "unavailable" }
    const answer = await call("readHistory", { params: paramsOf(safe), request: {} })
    if (!answer.ok) {
      // Deleted meanwhile: the list says so next.
      if (answer.error.kind === "unknown_record") pending.delete(key)
      return answer.error.kind === "unknown_record" ? undefined : answer.error
    }
    const { version, generation, sealed: bytes } = answer.value
    // The key is on its way to this device.
    if (!(await keys.of(generation))) return { kind: "unavailable" }
    // Not over what is newer here: what it says besides is merged, and both go up again.
    if (version < safe.version) await takenBack(safe, version)
    const opened = await open(safe, version, generation, bytes)
    return bringing(async () => {
      const known = (await store.get<Safe>(key)) ?? safe
      if (!opened) {
        await alarms.raise("history_damaged", safe.room)
        await store.write([{ put: key, value: { ...known, damaged: version } }])
        pending.delete(key)
        return undefined
      }
      const { damaged: _, ...sound } = known
      moved.set(key, ++turn)
      const value: Safe =
        version < known.version
          ? sound
          : { ...sound, version: Math.max(version, known.version), got: version, digest: opened.digest }
      try {
        // It was left, or come into anew, meanwhile.
        if (!(await actor.place(safe, opened.kept, [{ put: key, value }]))) return { kind: "unavailable" }
      } catch (error) {
        // It stays on its way, and is fetched again in a while.
        if (isFull(error)) return { kind: "device_full" }
        onFailure(error)
        return { kind: "unavailable" }
      }
      if (!isNews(value)) pending.delete(key)
      return undefined
    })
  }

  /** Blocks that were looked through for what lacks here. */
  const whole = new Set<string>()
  const makeWhole = async (actor: RoomActor, place: Place): Promise<Problem | undefined> => {
    const key = safeKey(place)
    if (whole.has(key)) return undefined
    const { mend } = await codec()
    const refused = await mend({
      ...{ actor, incarnation: place.incarnation, number: place.number },
      async bring() {
        const safe = await store.get<Safe>(key)
        const there = safe && safe.bytes > 0 && safe.damaged !== safe.version
        return there ? bring(actor, { ...safe, got: 0 }) : undefined
      },
    })
    if (!refused) whole.add(key)
    return refused
  }

  // ------------------------------------------------------------------------------------------------------------- down

  /** The newest block of every chat first, then the one before; among equals the chat in which something came last. */
  const queue = (): Safe[] => {
    const here = [...pending.values()].filter((safe) => rooms.get(safe.room) !== undefined)
    const newest = new Map<Id, number>()
    const recent = new Map<Id, number>()
    for (const { room, incarnation, number, order } of here) {
      // What was imported comes after all that was said here.
      if (incarnation !== IMPORTED_INCARNATION) newest.set(room, Math.max(newest.get(room) ?? 0, number))
      recent.set(room, Math.max(recent.get(room) ?? 0, order))
    }
    const depth = ({ room, incarnation, number }: Safe) =>
      incarnation === IMPORTED_INCARNATION ? Number.MAX_SAFE_INTEGER : (newest.get(room) ?? 0) - number
    // While rooms are still coming, what is far back in those that are here would only keep the others waiting.
    const first = ({ room, incarnation, number }: Safe) =>
      incarnation !== IMPORTED_INCARNATION &&
      (number + 1) * SEGMENT > (rooms.get(room)?.state().meta.seq ?? 0) - FIRST_POSITIONS
    const due = joining ? here.filter(first) : here
    return due.sort((a, b) => depth(a) - depth(b) || (recent.get(b.room) ?? 0) - (recent.get(a.room) ?? 0))
  }

  /** Of a chat that has been left the house keeps blocks that come no more. */
  const left = () =>
    joining ? pending.size : [...pending.values()].filter(({ room }) => rooms.get(room) !== undefined).length

  let downward: Promise<void> | undefined
  /** Something has changed since the queue was looked at last. */
  let lookAgain = false
  let cancelDown = () => {}
  let unanswered = 0
  const down = () => {
    lookAgain = true
    if (downward !== undefined || stopped || !online || pending.size === 0) return
    cancelDown()
    downward = (async () => {
      while (!stopped && online) {
        lookAgain = false
        const next = queue().slice(0, LANES)
        if (next.length === 0) break
        const answers = await Promise.all(
          next.map((safe) => {
            const actor = rooms.get(safe.room)
            return actor ? bring(actor, safe) : undefined
          }),
        )
        restored += next.filter((safe) => !pending.has(safeKey(safe))).length
        tell()
        const refused = answers.find((answer) => answer !== undefined)
        if (!refused) unanswered = 0
        else {
          const wait = backoff(unanswered++, parts.jitter, { firstMs: 500, maxMs: 60_000 })
          cancelDown()
          cancelDown = timers(refused.retryAfterMs ?? wait, down)
          lookAgain = false
          break
        }
      }
      if (pending.size === 0) restored = 0
    })()
      .catch(onFailure)
      .finally(() => {
        downward = undefined
        tell()
        if (lookAgain) down()
      })
  }

  // --------------------------------------------------------------------------------------------------------------- up

  const keep = async (row: Unsafe): Promise<Problem | undefined> => {
    const actor = rooms.get(row.room)
    if (!actor || !(await parts.keeps(row.room))) {
      await store.write([{ drop: unsafeKey(row.room, row.incarnation, row.number) }])
      return undefined
    }
    if (!actor.settled(parts.life())) return undefined
    const key = safeKey(row)
    // What goes up takes the place of what is there.
    const lacking = await makeWhole(actor, row)
    if (lacking) return lacking
    for (let attempt = 0; attempt < ATTEMPTS && !stopped; attempt++) {
      let safe = await store.get<Safe>(key)
      if (safe && isNews(safe)) {
        const refused = await bring(actor, safe)
        if (refused) return refused
        safe = await store.get<Safe>(key)
      }
      if (safe?.back) {
        const refused = await bring(actor, safe)
        if (refused) return refused
        safe = await store.get<Safe>(key)
      }
      if (safe && safe.damaged === safe.version) return { kind: "damaged" }
      const { kept, change } = await actor.snapshot(row.incarnation, row.number)
      const { deflated, encodeSegment } = await codec()
      const said = shared(kept)
      const plain = encodeSegment({ ...said, ...(kept.facts ? { facts: kept.facts } : {}) } satisfies Kept)
      const digest = sha256(plain)
      // What was deleted at the house is not there, although it was once the same.
      const isThere = safe?.bytes && safe.back === undefined && safe.digest && sameBytes(safe.digest, digest)
      if (said.entries.length === 0 || isThere) {
        await actor.kept(row, change, [])
        return undefined
      }
      const version = (safe?.version ?? 0) + 1
      const newest = await keys.newest()
      const { room, incarnation, number } = row
      const place = { user, room, incarnation, number, version }
      const bytes = await sealed.sealHistory(newest, place, await deflated(plain))
      if (bytes.length > limits.historySegmentBytes) return { kind: "too_large" }
      const over = safe?.back === undefined ? {} : { over: safe.back }
      const [whole, ...again] = wholeOf(row.incarnation, kept.entries, said.entries)
      const request = {
        ...{ version, generation: newest.generation, sealed: bytes, ...over },
        ...(whole ? { whole } : {}),
        ...(again.length > 0 ? { again } : {}),
      }
      const answer = await call("writeHistory", { params: paramsOf(row), request })
      if (answer.ok) {
        const { used, quota } = answer.value
        standing = { cursor: 0, order: 0, ...standing, used, quota }
        const value: Safe = {
          ...{ room, incarnation, number, version, generation: newest.generation },
          ...{ bytes: bytes.length, got: version, digest, order: safe?.order ?? standing.order },
        }
        moved.set(key, ++turn)
        await actor.kept(row, change, [{ put: key, value }])
        return undefined
      }
      // The wire's word is about files as well.
      if (answer.error.kind === "quota_exceeded") return { kind: "history_full" }
      if (answer.error.kind !== "version_conflict") return answer.error
      let refused = await pull()
      if (!refused && ((await store.get<Safe>(key))?.version ?? 0) < version) {
        // What the house has told of this block is not here any more: it tells everything once more.
        standing = { order: 0, used: 0, quota: 0, ...standing, cursor: 0 }
        refused = await pull()
      }
      if (refused) return refused
    }
    return { kind: "version_conflict" }
  }

  let upward: Promise<void> | undefined
  let cancel = () => {}
  /** Since when something has waited. */
  let since: number | undefined
  let failures = 0

  const up = (): Promise<void> => {
    cancel()
    if (stopped || !online) return Promise.resolve()
    upward ??= (async () => {
      since = undefined
      let refused: Problem | undefined
      for (const { value } of await store.range<Unsafe>(UNSAFE)) {
        if (stopped || !online) break
        const one = await keep(value)
        if (one) refused = one
        // What is wrong with one block says nothing of the next.
        if (one && one.kind !== "damaged" && one.kind !== "too_large") break
      }
      problem = refused?.kind === "offline" ? undefined : refused
      failures = refused ? failures + 1 : 0
      await count()
      if (refused && !stopped && online)
        later(refused.retryAfterMs ?? backoff(failures, parts.jitter, { firstMs: 1_000, maxMs: 300_000 }))
      else if (unsafe > 0) later(parts.pace.quietMs)
    })()
      .catch(onFailure)
      .finally(() => {
        upward = undefined
        tell()
      })
    return upward
  }
  const count = async () => {
    counted = unsafeChanges()
    unsafe = (await store.range<Unsafe>(UNSAFE)).length
  }
  const later = (ms: number) => {
    cancel()
    cancel = timers(ms, () => void up())
  }
  /** Something was stored: it goes up when it is quiet, but does not wait for that for ever. */
  const note = () => {
    if (stopped || unsafeChanges() === counted) return
    if (unsafe === 0) {
      unsafe = 1
      tell()
    }
    if (!online || failures > 0) return
    const now = clock()
    since ??= now
    const quiet = parts.pace.quietMs * (1 + parts.jitter())
    later(Math.max(0, Math.min(quiet, since + parts.pace.longestMs - now)))
  }

  /** Everything of a room, from its beginning: it was kept out of the house until now, or the house has lost it. */
  const again = async (room: Id) => {
    const meta = rooms.get(room)?.state().meta
    if (!meta) return
    const first = Math.floor(startOf(meta) / SEGMENT)
    const last = Math.floor(meta.seq / SEGMENT)
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    await store.write([
      ...unsafeWrites(room, meta.incarnation, numbers),
      ...unsafeWrites(room, IMPORTED_INCARNATION, parts.imported(room).flatMap(blocksOf)),
    ])
    for (const { life, after, to } of meta.behind ?? []) {
      const [from, end] = [Math.floor((after + 1) / SEGMENT), Math.floor(to / SEGMENT)]
      const lost = Array.from({ length: end - from + 1 }, (_, i) => from + i)
      await store.write(unsafeWrites(room, life, lost))
    }
  }

  const deciding = createLock()
  /**
   * What is not to be kept does not stay in the house; asked again until the house has done it. One after another: who thinks better of it
   * while the house deletes would find what is about to go, and take it for being there.
   */
  const decide = (room: Id) =>
    deciding(async () => {
      const there = (await store.range<Safe>(`${SAFE}${room}/`)).filter(({ value }) => value.bytes > 0)
      if (await parts.keeps(room)) {
        if (there.length === 0) await again(room)
      } else if (there.length > 0 && online) {
        const answer = await call("dropHistory", { params: { room } })
        if (answer.ok) {
          // Known from this answer, whether or not the house then says what it has left.
          await store.write(there.map(({ key, value }) => ({ put: key, value: { ...value, bytes: 0 } })))
          await pull()
        }
      }
      await count()
      tell()
    })

  let cancelPull = () => {}
  let unheard = 0
  const begin = async (): Promise<void> => {
    if (stopped || !online) return
    if (!standing) for (const actor of rooms.all()) await again(actor.room)
    const refused = await pull()
    if (refused) {
      // There is a connection, and the house did not answer, or asks for patience.
      const wait = backoff(unheard++, parts.jitter, { firstMs: 1_000, maxMs: 60_000 })
      cancelPull()
      cancelPull = timers(refused.retryAfterMs ?? wait, () => void begin().catch(onFailure))
      return
    }
    unheard = 0
    for (const { room } of rooms.all()) if (!(await parts.keeps(room))) await decide(room)
    unmended = 0
    mendGone()
    down()
    failures = 0
    await up()
  }

  let mending = Promise.resolve()
  let cancelMend = () => {}
  let unmended = 0
  /** All of it has been looked through since the start. */
  let mended = false
  /** Blocks that were here and are not any more come again; and what lacks in the newest ones, of which a part may be gone. */
  const mendGone = () => {
    cancelMend()
    if (mended) return
    mending = mending.then(bringGone).catch(onFailure)
  }
  /** What was imported and is not here any more, although the house is known to have it, comes like any news. */
  const importedAnew = async ({ room }: RoomActor) => {
    for (const { base, lines } of parts.imported(room)) {
      const from = base * SEGMENT
      const where = { room, incarnation: IMPORTED_INCARNATION }
      for (const number of await blocksGone(store, where, { from, to: from + lines - 1 })) {
        const key = safeKey({ ...where, number })
        const safe = await store.get<Safe>(key)
        if (safe && safe.bytes > 0 && !pending.has(key)) pending.set(key, { ...safe, got: 0 })
      }
    }
    down()
  }
  const bringGone = async (): Promise<void> => {
    for (const actor of rooms.all()) {
      const { meta } = actor.state()
      const { room, incarnation, seq } = meta
      const last = Math.floor(seq / SEGMENT)
      const near = Array.from({ length: LOOKED_THROUGH }, (_, i) => last - i)
      const gone = await blocksGone(store, meta, { from: startOf(meta), to: seq })
      for (const number of new Set([...near, ...gone])) {
        if (number < Math.floor(startOf(meta) / SEGMENT)) continue
        if (stopped || !online) return
        const place = { room, incarnation, number }
        // What has never been here comes by itself.
        const refused = pending.has(safeKey(place)) ? undefined : await makeWhole(actor, place)
        if (!refused) continue
        const wait = backoff(unmended++, parts.jitter, { firstMs: 500, maxMs: 60_000 })
        cancelMend()
        cancelMend = timers(refused.retryAfterMs ?? wait, mendGone)
        return
      }
      await importedAnew(actor)
    }
    mended = true
  }

  return {
    /** There is a connection: what another device has done meanwhile, and what waits here. */
    onReady(): Promise<void> {
      online = true
      joining = true
      return begin()
    },
    onLost() {
      online = false
      cancel()
      cancelPull()
      cancelDown()
      cancelMend()
    },
    /** What the house was known to have it may have no more: with the next connection all of it is compared. */
    forget: (): Promise<void> =>
      pulling(async () => {
        await store.write([{ dropPrefix: SAFE }, { drop: STANDING }])
        standing = undefined
        pending.clear()
      }),
    /** All rooms have come that are going to come now. */
    onRooms() {
      joining = false
      down()
    },
    /** Another device has changed something. */
    async onHint(): Promise<void> {
      if (!(await pull())) down()
    },
    /** Something of a room was stored, or a room has come. */
    note() {
      down()
      note()
    },
    /** Whether older lines of this room are still on their way here. */
    isPending: (room: Id): boolean => [...pending.values()].some((safe) => safe.room === room),
    /** Whether all that the house has of this room is here, but for what was imported. */
    isSettled: (room: Id): boolean =>
      standing !== undefined &&
      ![...pending.values()].some((safe) => safe.room === room && safe.incarnation !== IMPORTED_INCARNATION),
    status: () => ({
      /** Blocks that are not safe yet. */
      unsafe,
      used: standing?.used ?? 0,
      quota: standing?.quota ?? 0,
      ...(left() > 0 ? { restoring: { left: left(), total: left() + restored } } : {}),
      ...(problem ? { problem } : {}),
    }),
    /** The person has said whether a chat is to be kept: it is taken out of the house, or brought there. */
    decided(room: Id): void {
      decide(room)
        .then(() => up())
        .catch(onFailure)
    },
    /** Brings up what is left. */
    finish: (): Promise<void> => up().then(up),
    async stop() {
      stopped = true
      cancel()
      cancelPull()
      cancelDown()
      cancelMend()
      await downward
      await upward
      await mending
    },
  }
}

const isNews = ({ version, got, bytes, damaged }: Safe): boolean =>
  bytes > 0 && got < version && damaged !== version
