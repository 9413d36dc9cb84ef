/**
 * Requests to join by link. That somebody wants to join is what this table knows and no judge can: without a row that the
 * person's own session has left, no link brings anybody in, and the row goes in the transaction that does. So a request that
 * is replayed afterwards opens nothing.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"

export const answers = { waiting: 0, declined: 1 } as const

/** The preview of a link; written again when name or picture change. */
export async function writeLink(
  db: WriteDb,
  args: { readonly room: Id; readonly link: Id; readonly preview: Uint8Array; readonly now: number },
): Promise<Result<object, Refusal>> {
  const at = { room_id: idBytes(args.room), link_id: idBytes(args.link) }
  const known = await db
    .selectFrom("join_link")
    .select("created")
    .where("room_id", "=", at.room_id)
    .where("link_id", "=", at.link_id)
    .executeTakeFirst()
  if (known)
    await db
      .updateTable("join_link")
      .set({ preview: args.preview })
      .where("room_id", "=", at.room_id)
      .where("link_id", "=", at.link_id)
      .execute()
  else
    await db
      .insertInto("join_link")
      .values({ ...at, preview: args.preview, created: args.now })
      .execute()
  return ok({})
}

export type AskToJoin = {
  readonly id: Id
  readonly room: Id
  readonly link: Id
  readonly user: Id
  readonly device: Id
  readonly keyPackage: Uint8Array
  readonly keyPackageRef: Uint8Array
  readonly signature: Uint8Array
  readonly max: number
  readonly now: number
}

export async function askToJoin(db: WriteDb, args: AskToJoin): Promise<Result<{ id: Id }, Refusal>> {
  const [room, user] = [idBytes(args.room), idBytes(args.user)]
  const words = {
    link_id: idBytes(args.link),
    device_id: idBytes(args.device),
    key_package: args.keyPackage,
    key_package_ref: args.keyPackageRef,
    signature: args.signature,
  }
  const before = await db
    .selectFrom("join_request")
    .select(["id", "link_id", "declined"])
    .where("room_id", "=", room)
    .where("user_id", "=", user)
    .executeTakeFirst()
  if (before) {
    // By another link they may ask anew: somebody of the group has given it to them.
    const same = idFrom(before.link_id) === args.link
    if (before.declined === answers.declined && same) return err(refuse("join_declined"))
    await db
      .updateTable("join_request")
      .set({ ...words, declined: answers.waiting })
      .where("id", "=", before.id)
      .execute()
    return ok({ id: idFrom(before.id) })
  }
  const waiting = await db
    .selectFrom("join_request")
    .select((of) => of.fn.countAll<number>().as("count"))
    .where("room_id", "=", room)
    .where("declined", "=", answers.waiting)
    .executeTakeFirst()
  if (Number(waiting?.count ?? 0) >= args.max) return err(refuse("too_many_joins"))
  await db
    .insertInto("join_request")
    .values({
      id: idBytes(args.id),
      room_id: room,
      user_id: user,
      ...words,
      declined: answers.waiting,
      created: args.now,
    })
    .execute()
  return ok({ id: args.id })
}

/** `withdraw`: by whoever asked, and nothing remains; what was declined already stays declined. */
export async function declineJoin(
  db: WriteDb,
  args: { readonly id: Id; readonly withdraw: boolean },
): Promise<Result<object, Refusal>> {
  const id = idBytes(args.id)
  if (args.withdraw)
    await db.deleteFrom("join_request").where("id", "=", id).where("declined", "=", answers.waiting).execute()
  else await db.updateTable("join_request").set({ declined: answers.declined }).where("id", "=", id).execute()
  return ok({})
}

export type JoinedBy = { readonly user: Id; readonly link: Id; readonly keyPackageRef: Uint8Array }

/** Within the commit that adds them: whether each has asked, in these words, and waits. */
export async function haveAsked(db: WriteDb, room: Id, joined: readonly JoinedBy[]): Promise<boolean> {
  for (const { user, link, keyPackageRef } of joined) {
    const row = await db
      .selectFrom("join_request")
      .select("id")
      .where("room_id", "=", idBytes(room))
      .where("user_id", "=", idBytes(user))
      .where("link_id", "=", idBytes(link))
      .where("key_package_ref", "=", keyPackageRef)
      .where("declined", "=", answers.waiting)
      .executeTakeFirst()
    if (!row) return false
  }
  return true
}

/** Whoever is in the room asks no more, whatever brought them in. */
export async function forgetJoins(db: WriteDb, room: Id, users: Iterable<Id>): Promise<void> {
  for (const user of new Set(users))
    await db
      .deleteFrom("join_request")
      .where("room_id", "=", idBytes(room))
      .where("user_id", "=", idBytes(user))
      .execute()
}
