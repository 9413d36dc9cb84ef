/** Takes a notice whose signature has been checked, and does what it says (protocol/notice.ts). */
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { membership, roomStates } from "../log.ts"
import { deviceRow, insertEntry, type RoomRow, repeated, roomRow, sentBy, type Written } from "./place.ts"

/** What a notice does to the room's rows. */
export type NoticeEffect =
  | { readonly kind: "frozen" }
  | { readonly kind: "resumed" }
  | { readonly kind: "left"; readonly user: Id }
  | { readonly kind: "device_revoked"; readonly device: Id }

export type NoticeArgs = {
  readonly room: Id
  readonly device: Id
  readonly user: Id
  readonly n: number
  readonly notice: Uint8Array
  /** The chain's last hash as the signer saw it. */
  readonly after: Uint8Array
  readonly effect: NoticeEffect
  readonly now: number
}

export async function notice(db: WriteDb, args: NoticeArgs): Promise<Result<Written, Refusal>> {
  const { device, n, now, effect } = args
  const room = await roomRow(db, args.room)
  const row = await deviceRow(db, args.room, device)
  if (!room || !row) return err(refuse("unknown_room"))
  const before = await repeated(db, row, n)
  if (before) return before
  if (row.member !== membership.member) return err(refuse("not_a_member"))
  if (!Buffer.from(room.hash).equals(args.after)) return err(refuse("stale_head"))

  const body = args.notice
  const written = await insertEntry(db, room, { kind: entryKinds.notice, device, n, body, now })
  const { seq, hash, time } = written
  await sentBy(db, room.id, device, n, seq)
  const { change, gone } = await follow(db, room, effect, seq)
  await db
    .updateTable("room")
    .set({ seq, hash, time, ...change })
    .where("id", "=", room.id)
    .execute()
  return ok({ ...written, gone })
}

type Followed = {
  readonly change: Partial<Pick<RoomRow, "state" | "leaving">>
  readonly gone: readonly Id[]
}

async function follow(db: WriteDb, room: RoomRow, effect: NoticeEffect, seq: number): Promise<Followed> {
  if (effect.kind === "frozen") return { change: { state: roomStates.frozen }, gone: [] }
  if (effect.kind === "resumed") return { change: { state: roomStates.open }, gone: [] }
  // Whoever leaves hears the notice and nothing after it; nobody may send before a commit has removed the leaves.
  const base = db
    .selectFrom("room_device")
    .select("device_id")
    .where("room_id", "=", room.id)
    .where("member", "=", membership.member)
  const rows = await (effect.kind === "left"
    ? base.where("user_id", "=", idBytes(effect.user))
    : base.where("device_id", "=", idBytes(effect.device))
  ).execute()
  for (const { device_id } of rows)
    await db
      .updateTable("room_device")
      .set({ member: membership.leaving, until: seq })
      .where("room_id", "=", room.id)
      .where("device_id", "=", device_id)
      .execute()
  return { change: { leaving: room.leaving + rows.length }, gone: rows.map((row) => idFrom(row.device_id)) }
}
