/**
 * Whether people are whom the house says they are (SECURITY R5; docs/decisions/34-key-log.md). Of everybody in a room this device
 * reads the key log once, and again when a device turns up that is not in it or somebody says that it has gone on. An alarm is
 * - a log that is shorter than it was, goes on from another place, or does not hold (`key_log_changed`),
 * - a head that another member has and that does not lie on the chain which the house shows here (the same),
 * - a device in a room that does not stand in its person's log (`key_log_unlisted`),
 * - and, of one's own log, a device that this one did not know: a notice (`device_added`), as most often it is the person's own doing.
 * It never keeps anybody from sending: that is for a pinned key that has changed (SECURITY R1).
 *
 * A restored house may have lost devices that stand in a room which has not heard of it yet: such a room is looked at when it has.
 *
 * What the house does not answer now is asked again at the next connection. Loaded with the first connection, and not before.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { verifyKeyLogHead } from "@teahouse/protocol/key-log.ts"
import type { AccountRecord, HousePin } from "../account/records.ts"
import type { KeyHead } from "../content/core.ts"
import type { Call } from "../http.ts"
import { createLock } from "../lock.ts"
import type { Notebook } from "../notebook.ts"
import { contactName, contactPage } from "../pages.ts"
import type { Timers } from "../platform.ts"
import { lifeOf } from "../room/life.ts"
import type { RoomMeta } from "../room/records.ts"
import type { Rooms } from "../room/rooms.ts"
import type { RoomState } from "../room/state.ts"
import type { SealedStore } from "../store/sealed.ts"
import type { Alarm } from "../view/port/account.ts"
import { readKeyLog } from "./read.ts"
import {
  besideSeen,
  fromRecord,
  heedLook,
  isListed,
  type LeafKeys,
  type Seen,
  type SeenRecord,
  toRecord,
} from "./seen.ts"

export type KeyWatchParts = {
  readonly store: SealedStore
  readonly call: Call
  readonly house: HousePin
  readonly account: () => AccountRecord
  readonly rooms: Rooms
  readonly notebook: Notebook
  /** Of the house, as it has proved it and the person was told: what it only claims in a log excuses nothing. */
  readonly life: () => Promise<number>
  readonly timers: Timers
  readonly raise: (kind: Alarm["kind"], room: Id | undefined, user: Id) => Promise<void>
  readonly onFailure: (error: unknown) => void
}

const PREFIX = "keys/"
/** In a room of more people only those are looked at whose log was read for another reason: each would ask for each. */
export const MOST_PEOPLE = 32
/** Of others, in one message. */
const MOST_HEADS = 8
/** In a group one after another, with this before each (ms): all its members ask for all others when it is made. */
const PAUSE_MS = 1_000

export type KeyWatch = Awaited<ReturnType<typeof openKeyWatch>>

export async function openKeyWatch(parts: KeyWatchParts) {
  const { store, call, house, account, rooms, notebook, raise } = parts
  const me = account().user
  const seen = new Map<Id, Seen>()
  for (const { value } of await store.range<SeenRecord>(PREFIX)) seen.set(value.user, fromRecord(value))
  const lock = createLock()
  let stopped = false
  const background = (work: Promise<unknown>) => void work.catch(parts.onFailure)

  // ---------------------------------------------------------------------------------------------------- reading one

  const asked = async (user: Id) => {
    const before = seen.get(user)
    const read = await readKeyLog(call, house, user, before?.log)
    const restored = read.ok && before && read.value.head.incarnation > before.head.incarnation
    return restored ? readKeyLog(call, house, user) : read
  }

  /** Whether the house has answered. */
  const lookNow = async (user: Id): Promise<boolean> => {
    if (stopped) return false
    const before = seen.get(user)
    const read = await asked(user)
    if (!read.ok && read.error.kind === "unsigned") await raise("bad_signature", undefined, user)
    if (!read.ok) return false
    const { seen: now, changed } = heedLook(before, read.value)
    if (changed) await raise("key_log_changed", undefined, user)
    if (!now || now === before) return true
    if (!before && (await isBehindNotebook(user, now))) await raise("key_log_changed", undefined, user)
    seen.set(user, now)
    await store.write([{ put: PREFIX + user, value: toRecord(now) }])
    await note(user, now)
    if (user === me) await heedOwn(before, now)
    return true
  }

  const running = new Map<Id, Promise<boolean>>()
  const look = (user: Id): Promise<boolean> => {
    const now = running.get(user)
    if (now !== undefined) return now
    const begun = lock(() => lookNow(user)).finally(() => running.delete(user))
    running.set(user, begun)
    return begun
  }

  /** What the account's other devices have seen of a friend; a new device takes no less for the newest. */
  const isBehindNotebook = async (user: Id, now: Seen) => {
    const noted = (await notebook.get(contactName(user), contactPage))?.keys
    const beside = noted && besideSeen(now, noted)
    return beside === "ahead" || beside === "forked"
  }
  const note = (user: Id, { head }: Seen) =>
    notebook.change(contactName(user), contactPage, (old) => {
      const { incarnation: life, position, hash } = head
      const newer = !old?.keys || (life - old.keys.life || position - old.keys.position) > 0
      return old && position > 0 && newer ? { ...old, keys: { life, position, hash } } : undefined
    })

  const heedOwn = async (before: Seen | undefined, now: Seen) => {
    const { device, uik } = account()
    const { device: own, signature } = device
    if (!isListed(now, { user: me, device: own, uik, signatureKey: signature.publicKey }))
      await raise("key_log_unlisted", undefined, me)
    // The first look, and the first of a log, tell of nothing that is new.
    const known = before?.log.uik && before.log.devices
    const news = [...now.log.devices].some(
      ([one, { revoked }]) => !revoked && one !== own && !known?.has(one),
    )
    if (known && news) await raise("device_added", undefined, me)
  }

  // ------------------------------------------------------------------------------------------------- what is compared

  /** Looked at again until it fits: an answer that was under way may be older than what it is compared with. */
  const settles = async (user: Id, fits: () => boolean): Promise<"fits" | "differs" | "unheard"> => {
    for (let attempt = 0; attempt < 2; attempt++) {
      if (fits()) return "fits"
      if (!(await look(user))) return "unheard"
    }
    return fits() ? "fits" : "differs"
  }

  /** What could not be compared yet, each once. */
  const waiting = new Map<string, () => Promise<void>>()
  const later = (name: string, again: () => Promise<void>) => void waiting.set(name, again)

  /** Rooms that are still in a life that is over. */
  const behind = new Set<Id>()
  /** Whether it is left until the room is in this life. One that goes on in the life before, as if nothing were, is not waited for. */
  const waits = async (room: Id): Promise<boolean> => {
    const life = await parts.life()
    const actor = rooms.get(room)
    if (!actor || actor.live() || lifeOf(actor.state().meta) >= life) return false
    behind.add(room)
    newest.delete(room)
    later(`room/${room}`, () => check(actor.state()))
    return true
  }

  const checkLeaf = async (room: Id, leaf: LeafKeys): Promise<void> => {
    const { user } = leaf
    const fits = () => {
      const known = seen.get(user)
      return known !== undefined && isListed(known, leaf)
    }
    const said = await settles(user, fits)
    if (said === "differs" && !(await waits(room))) await raise("key_log_unlisted", room, user)
    if (said === "unheard") later(`leaf/${room}/${leaf.device}`, () => checkLeaf(room, leaf))
  }

  const pauses = new Set<() => void>()
  const pause = () =>
    new Promise<void>((done) => {
      const end = () => {
        pauses.delete(end)
        cancel()
        done()
      }
      const cancel = parts.timers(PAUSE_MS, end)
      pauses.add(end)
    })
  const isLookedAt = (meta: RoomMeta, user: Id) => meta.users.length <= MOST_PEOPLE || seen.has(user)
  /** Who is in a room now: what is still looked at of an earlier state is looked at of this one. */
  const newest = new Map<Id, object>()
  const check = async ({ meta, group }: RoomState) => {
    const { room, kind } = meta
    if (!group || newest.get(room) === group.judged) return
    newest.set(room, group.judged)
    if (await waits(room)) return
    behind.delete(room)
    for (const leaf of group.judged.leaves) {
      if (!isLookedAt(meta, leaf.user)) continue
      if (kind === "group" && !seen.has(leaf.user)) await pause()
      if (stopped || newest.get(room) !== group.judged) return
      await checkLeaf(room, leaf)
    }
    await again()
  }

  /** `head` is of `user`'s log and was said in a room. Without the house's signature it says nothing of the house. */
  const compare = async (room: Id, head: KeyHead): Promise<void> => {
    const { user, life: incarnation, position, hash, signature } = head
    const signed = { incarnation, position, hash, signature }
    const isSigned = () => verifyKeyLogHead(house.houseKey, house.house, user, signed)
    // One for each that is signed: no other word takes its place while it waits.
    const waits = `head/${user}/${incarnation}/${position}/${toBase64url(hash)}`
    if (!seen.has(user)) {
      const kind = rooms.get(room)?.state().meta.kind
      if (kind === "group" || !(await look(user))) {
        if (await isSigned()) later(waits, () => compare(room, head))
        return
      }
    }
    const beside = () => besideSeen(seen.get(user), head)
    // Most often: both have been shown the same.
    if (beside() === "on" || beside() === "cannot_tell") return
    if (!(await isSigned())) return
    const heard = await settles(user, () => beside() !== "ahead")
    if (heard === "unheard") return later(waits, () => compare(room, head))
    // `differs`: the house has signed more for somebody else than it shows here.
    if (heard === "differs" || beside() === "forked") await raise("key_log_changed", room, user)
  }

  const again = () => {
    const all = [...waiting.values()]
    waiting.clear()
    return all.reduce((before, one) => before.then(one), Promise.resolve())
  }

  return {
    /** One's own log, and what waits for an answer. */
    async own(): Promise<void> {
      await look(me)
      background(again())
    },
    /** The house may answer now what it did not before: somebody is a friend, or in a common room. */
    again: (): void => background(again()),
    /** Everybody in all rooms; who was looked at and stands in the log costs nothing. */
    all(): void {
      for (const actor of rooms.all()) background(check(actor.state()))
    },
    /** Other people or devices are in a room. */
    taken: (state: RoomState): void => background(check(state)),
    /** Whether this room is looked at once more when it is in the life of the house. */
    awaits: (room: Id): boolean => behind.has(room),
    /** Heads of logs, said in a room by one of its members. */
    said(room: Id, heads: readonly KeyHead[]): void {
      const meta = rooms.get(room)?.state().meta
      background(
        heads
          .filter(({ user }) => meta?.users.includes(user) && isLookedAt(meta, user))
          .reduce((before, head) => before.then(() => compare(room, head)), Promise.resolve()),
      )
    },
    /** What the next message in a room is to say; nothing where it was said. Only of who is in the room. */
    heads({ users, keysTold }: Pick<RoomMeta, "users" | "keysTold">): readonly KeyHead[] {
      const own = seen.get(me)?.head
      if (!own || own.position === 0) return []
      const { incarnation: life, position } = own
      if (keysTold && (keysTold.life > life || (keysTold.life === life && keysTold.position >= position)))
        return []
      const others = users.filter((user) => user !== me && (seen.get(user)?.head.position ?? 0) > 0)
      return [me, ...others.slice(0, MOST_HEADS)].flatMap((user) => {
        const head = seen.get(user)?.head
        if (!head) return []
        const { incarnation, signature, hash } = head
        return [{ user, life: incarnation, position: head.position, hash, signature }]
      })
    },
    async stop(): Promise<void> {
      stopped = true
      for (const end of pauses) end()
      await lock(async () => {})
    },
  }
}
