/**
 * Friends and requests. Each of these is one transaction with what it does to the room, so that there is never a request
 * without its room, or a friend whose room is still waiting. The unique index on the pair (friend_request.open_pair) is
 * what lets only one of two requests win that are made at the same moment; the other is told which one is waiting.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { AccountTables } from "../account/tables.ts"
import type { WriteDb } from "../db/schema.ts"
import { type NoticeArgs, notice } from "../room/writes/notice.ts"
import { dropRoom, type OpenArgs, openRoom } from "../room/writes/open.ts"
import type { Written } from "../room/writes/place.ts"

export const contactStates = { removed: 0, friend: 1 } as const
const DAY_MS = 86_400_000
const KEPT_MS = 30 * DAY_MS

type Request = AccountTables["friend_request"]

/** The two users of a request or a friendship, the same whoever asks. */
export function pairOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  const [low, high] = Buffer.compare(a, b) < 0 ? [a, b] : [b, a]
  return Buffer.concat([low, high])
}

export type SendRequest = {
  readonly id: Uint8Array
  readonly from: Uint8Array
  readonly fromDevice: Uint8Array
  readonly to: Uint8Array
  /** The judged room to open; null where an earlier friendship's room is resumed. */
  readonly open: OpenArgs | null
  readonly lines: readonly { readonly device: Uint8Array; readonly sealed: Uint8Array }[]
  readonly maxPerDay: number
  readonly now: number
}

export type AnswerRequest = {
  readonly id: Uint8Array
  readonly user: Uint8Array
  /** The checked notice `resumed`. */
  readonly notice: NoticeArgs
  readonly now: number
}

export const contactWrites = {
  async "contact.request"(
    db: WriteDb,
    args: SendRequest,
  ): Promise<
    Result<{ request: Uint8Array; room: Uint8Array; written: readonly Written[]; fresh: boolean }, Refusal>
  > {
    const { from, to, open, now } = args
    const pair = pairOf(from, to)
    const waiting = await db
      .selectFrom("friend_request")
      .selectAll()
      .where("open_pair", "=", pair)
      .executeTakeFirst()
    if (waiting) {
      if (!sameBytes(waiting.from_user, from))
        return err(refuse("request_waiting", { detail: { request: idFrom(waiting.id) } }))
      // The same request again, after a lost answer.
      if (!open || !waiting.new_room || idFrom(waiting.room_id) !== open.room)
        return err(refuse("already_requested"))
      const again = await openRoom(db, open)
      if (!again.ok) return err(refuse("already_requested"))
      return ok({ request: waiting.id, room: waiting.room_id, written: again.value.written, fresh: false })
    }
    if (await isBlocked(db, to, from)) return err(refuse("blocked"))
    if (await isBlocked(db, from, to)) return err(refuse("blocking"))
    const contact = await contactRow(db, from, to)
    if (contact?.state === contactStates.friend) return err(refuse("already_friends"))
    // Somebody removed or added in the meantime: the client asks again by name and sees which it is.
    if (contact && open) return err(refuse("version_conflict"))
    if (!contact && !open) return err(refuse("unknown_room"))
    // Answered ones are kept for a while, so that answering twice has its own words; then they are of no use.
    await db
      .deleteFrom("friend_request")
      .where("from_user", "=", from)
      .where("open_pair", "is", null)
      .where("created", "<", now - KEPT_MS)
      .execute()
    const recent = await db
      .selectFrom("friend_request")
      .select("created")
      .where("from_user", "=", from)
      .where("created", ">", now - DAY_MS)
      .orderBy("created")
      .execute()
    if (recent.length >= args.maxPerDay)
      return err(refuse("rate_limited", { retryAfterMs: (recent[0]?.created ?? now) + DAY_MS - now }))

    let written: readonly Written[] = []
    if (open) {
      const opened = await openRoom(db, open)
      if (!opened.ok) return opened
      // A room that was there before is not this request's to bring.
      if (opened.value.written.some((one) => !one.fresh)) return err(refuse("id_taken"))
      written = opened.value.written
    }
    const room = open ? idBytes(open.room) : (contact?.room_id as Uint8Array)
    await db
      .insertInto("friend_request")
      .values({
        id: args.id,
        open_pair: pair,
        from_user: from,
        from_device: args.fromDevice,
        to_user: to,
        room_id: room,
        new_room: open ? 1 : 0,
        created: now,
      })
      .execute()
    for (const { device, sealed } of args.lines)
      await db.insertInto("first_line").values({ request_id: args.id, device_id: device, sealed }).execute()
    return ok({ request: args.id, room, written, fresh: true })
  },

  async "contact.accept"(
    db: WriteDb,
    args: AnswerRequest,
  ): Promise<Result<{ written: Written; from: Uint8Array; room: Uint8Array }, Refusal>> {
    const found = await openRequest(db, args.id, args.user)
    if (!found.ok) return found
    const request = found.value
    // One cannot accept for the other: one's own request can only be withdrawn.
    if (!sameBytes(request.to_user, args.user)) return err(refuse("unknown_request"))
    const resumed = await notice(db, args.notice)
    if (!resumed.ok) return resumed
    await close(db, args.id)
    const { from_user: from, to_user: to, room_id: room } = request
    await befriend(db, from, to, room, args.now)
    await befriend(db, to, from, room, args.now)
    return ok({ written: resumed.value, from, room })
  },

  async "contact.decline"(
    db: WriteDb,
    args: { readonly id: Uint8Array; readonly user: Uint8Array },
  ): Promise<Result<{ peer: Uint8Array; room: Uint8Array; dropped: boolean }, Refusal>> {
    const found = await openRequest(db, args.id, args.user)
    if (!found.ok) return found
    const { from_user, to_user, room_id: room, new_room } = found.value
    await close(db, args.id)
    if (new_room) await dropRoom(db, { room: idFrom(room) })
    return ok({ peer: sameBytes(from_user, args.user) ? to_user : from_user, room, dropped: new_room === 1 })
  },

  async "contact.remove"(
    db: WriteDb,
    args: { readonly user: Uint8Array; readonly peer: Uint8Array; readonly notice: NoticeArgs },
  ): Promise<Result<Written, Refusal>> {
    const contact = await contactRow(db, args.user, args.peer)
    if (contact?.state !== contactStates.friend) return err(refuse("not_friends"))
    if (idFrom(contact.room_id) !== args.notice.room) return err(refuse("unknown_room"))
    const frozen = await notice(db, args.notice)
    if (frozen.ok) await unfriend(db, args.user, args.peer)
    return frozen
  },

  /** With the friendship and whatever request waits between the two. */
  async "contact.block"(
    db: WriteDb,
    args: {
      readonly user: Uint8Array
      readonly peer: Uint8Array
      readonly notice: NoticeArgs | null
      readonly now: number
    },
  ): Promise<Result<{ written: Written | null; dropped: readonly Id[]; fresh: boolean }, Refusal>> {
    const { user, peer, notice: said, now } = args
    if (await isBlocked(db, user, peer)) return ok({ written: null, dropped: [], fresh: false })
    const contact = await contactRow(db, user, peer)
    let written: Written | null = null
    if (contact?.state === contactStates.friend) {
      // They became friends a moment ago, or the friendship has another room: to be said again.
      if (!said || idFrom(contact.room_id) !== said.room) return err(refuse("stale_head"))
      const frozen = await notice(db, said)
      if (!frozen.ok) return frozen
      written = frozen.value
      await unfriend(db, user, peer)
    }
    const waiting = await db
      .selectFrom("friend_request")
      .selectAll()
      .where("open_pair", "=", pairOf(user, peer))
      .executeTakeFirst()
    const dropped: Id[] = []
    if (waiting) {
      await close(db, waiting.id)
      const room = idFrom(waiting.room_id)
      if (waiting.new_room && (await dropRoom(db, { room })).ok) dropped.push(room)
    }
    await db.insertInto("block").values({ user_id: user, peer_id: peer, since: now }).execute()
    return ok({ written, dropped, fresh: true })
  },

  async "contact.unblock"(
    db: WriteDb,
    args: { readonly user: Uint8Array; readonly peer: Uint8Array },
  ): Promise<Result<null, Refusal>> {
    const { user, peer } = args
    await db.deleteFrom("block").where("user_id", "=", user).where("peer_id", "=", peer).execute()
    return ok(null)
  },
} as const

async function isBlocked(db: WriteDb, by: Uint8Array, peer: Uint8Array): Promise<boolean> {
  const row = await db
    .selectFrom("block")
    .select("since")
    .where("user_id", "=", by)
    .where("peer_id", "=", peer)
    .executeTakeFirst()
  return row !== undefined
}

async function unfriend(db: WriteDb, a: Uint8Array, b: Uint8Array): Promise<void> {
  for (const [user, peer] of [
    [a, b],
    [b, a],
  ] as const)
    await db
      .updateTable("contact")
      .set({ state: contactStates.removed })
      .where("user_id", "=", user)
      .where("peer_id", "=", peer)
      .execute()
}

const contactRow = (db: WriteDb, user: Uint8Array, peer: Uint8Array) =>
  db
    .selectFrom("contact")
    .selectAll()
    .where("user_id", "=", user)
    .where("peer_id", "=", peer)
    .executeTakeFirst()

/** The request, if `user` is one of its two and it has not been answered. Others' requests do not exist for one. */
async function openRequest(db: WriteDb, id: Uint8Array, user: Uint8Array): Promise<Result<Request, Refusal>> {
  const request = await db.selectFrom("friend_request").selectAll().where("id", "=", id).executeTakeFirst()
  if (!request || !(sameBytes(request.from_user, user) || sameBytes(request.to_user, user)))
    return err(refuse("unknown_request"))
  return request.open_pair ? ok(request) : err(refuse("already_answered"))
}

async function close(db: WriteDb, id: Uint8Array): Promise<void> {
  await db.updateTable("friend_request").set({ open_pair: null }).where("id", "=", id).execute()
  await db.deleteFrom("first_line").where("request_id", "=", id).execute()
}

async function befriend(
  db: WriteDb,
  user: Uint8Array,
  peer: Uint8Array,
  room: Uint8Array,
  now: number,
): Promise<void> {
  const known = await contactRow(db, user, peer)
  const change = { state: contactStates.friend, room_id: room, since: now }
  if (known)
    await db
      .updateTable("contact")
      .set(change)
      .where("user_id", "=", user)
      .where("peer_id", "=", peer)
      .execute()
  else
    await db
      .insertInto("contact")
      .values({ user_id: user, peer_id: peer, ...change })
      .execute()
}
