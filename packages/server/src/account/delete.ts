/**
 * Deleting an account. All that is about this person alone goes, in one transaction. What stays: the entries that its devices
 * have put into others' rooms and the roster rows that name their keys, because every member checks the chain and signatures
 * with them; and the name, taken for ever.
 *
 * A client leaves its groups first, with signed notices. Here the rows of whoever did not are closed all the same: nothing is
 * delivered to them any more. Rejected: refusing until every group is left, because a room whose state a client has lost
 * would then hold a person in the house.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"
import { membership, roomKinds, roomStates } from "../room/log.ts"
import { dropRoom } from "../room/writes/open.ts"

const SELF = roomKinds.indexOf("self")
const DIRECT = roomKinds.indexOf("direct")

export type Deleted = {
  /** Rooms that are no more: with oneself, and those of unanswered requests. */
  readonly dropped: readonly Uint8Array[]
  readonly sessions: readonly Uint8Array[]
  /** Their bytes are to be removed: a file goes with whose it is, also out of others' rooms. */
  readonly blobs: readonly Uint8Array[]
}

/** With its bots: a program without an owner has nobody who answers for it. */
export async function deleteAccount(
  db: WriteDb,
  { user, now }: { readonly user: Uint8Array; readonly now: number },
): Promise<Result<Deleted, Refusal>> {
  const bots = await db.selectFrom("bot").select("user_id").where("owner_id", "=", user).execute()
  const all: Deleted[] = []
  for (const one of [...bots.map((row) => row.user_id), user]) {
    const gone = await deleteOne(db, { user: one, now })
    if (!gone.ok) return gone
    all.push(gone.value)
  }
  return ok({
    dropped: all.flatMap((one) => one.dropped),
    sessions: all.flatMap((one) => one.sessions),
    blobs: all.flatMap((one) => one.blobs),
  })
}

async function deleteOne(
  db: WriteDb,
  { user, now }: { readonly user: Uint8Array; readonly now: number },
): Promise<Result<Deleted, Refusal>> {
  const account = await db.selectFrom("account").select("name").where("id", "=", user).executeTakeFirst()
  if (!account) return err(refuse("session_expired"))
  const sessions = await db.selectFrom("session").select("id").where("user_id", "=", user).execute()
  const devices = await db.selectFrom("device").select("id").where("user_id", "=", user).execute()
  const dropped = await leaveRooms(db, user)
  const blobs = await db.selectFrom("blob_file").select("id").where("user_id", "=", user).execute()
  for (const { id } of blobs) await db.deleteFrom("blob_reference").where("blob_id", "=", id).execute()
  await db.deleteFrom("blob_file").where("user_id", "=", user).execute()

  for (const { id } of devices)
    for (const table of ["key_package", "welcome", "first_line"] as const)
      await db.deleteFrom(table).where("device_id", "=", id).execute()
  const requests = await db
    .selectFrom("friend_request")
    .select("id")
    .where((is) => is.or([is("from_user", "=", user), is("to_user", "=", user)]))
    .execute()
  for (const { id } of requests) {
    await db.deleteFrom("first_line").where("request_id", "=", id).execute()
    await db.deleteFrom("friend_request").where("id", "=", id).execute()
  }
  for (const table of ["contact", "block"] as const)
    await db
      .deleteFrom(table)
      .where((is) => is.or([is("user_id", "=", user), is("peer_id", "=", user)]))
      .execute()
  for (const table of [
    "profile",
    "notebook",
    "history_body",
    "history_segment",
    "history_account",
    "session",
    "account_key",
    "key_log",
    "device",
    "push_subscription",
    "bot",
  ] as const)
    await db.deleteFrom(table).where("user_id", "=", user).execute()
  await db.deleteFrom("bot_token").where("owner_id", "=", user).execute()
  // That it was used is counted; by whom is nobody's business any more.
  await db.updateTable("invite").set({ used_by: null }).where("used_by", "=", user).execute()
  await db.insertInto("departed").values({ name: account.name, time: now }).execute()
  await db.deleteFrom("account").where("id", "=", user).execute()
  return ok({ dropped, sessions: sessions.map((row) => row.id), blobs: blobs.map((row) => row.id) })
}

async function leaveRooms(db: WriteDb, user: Uint8Array): Promise<Uint8Array[]> {
  const rooms = await db
    .selectFrom("room")
    .select(["id", "kind", "state", "seq"])
    .where("id", "in", (sub) => sub.selectFrom("room_device").select("room_id").where("user_id", "=", user))
    .execute()
  const dropped: Uint8Array[] = []
  for (const { id, kind, state, seq } of rooms) {
    const waits = kind === DIRECT && state === roomStates.pending
    if (kind === SELF || waits) {
      await dropRoom(db, { room: idFrom(id) })
      dropped.push(id)
      continue
    }
    if (kind === DIRECT)
      await db.updateTable("room").set({ state: roomStates.frozen }).where("id", "=", id).execute()
    await db
      .updateTable("room_device")
      .set({ member: membership.gone, until: seq })
      .where("room_id", "=", id)
      .where("user_id", "=", user)
      .where("member", "=", membership.member)
      .execute()
    await db
      .deleteFrom("attestation")
      .where("room_id", "=", id)
      .where("device_id", "in", (sub) =>
        sub.selectFrom("room_device").select("device_id").where("user_id", "=", user),
      )
      .execute()
  }
  return dropped
}
