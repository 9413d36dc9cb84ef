/** Takes a notice whose signature has been checked, and does what it says (protocol/notice.ts). */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
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
  | { readonly kind: "complaint" }
  | { readonly kind: "left"; readonly user: Id }
  | { readonly kind: "device_revoked"; readonly user: Id; readonly device: Id }

export type NoticeArgs = {
  readonly room: Id
  readonly device: Id
  readonly user: Id
  readonly n: number
  readonly notice: Uint8Array
  /** The chain's last hash as the signer saw it. */
  readonly after: Uint8Array
  readonly effect: NoticeEffect
  /** Of which epoch the named leaves are, where there are any, or what is complained of. */
  readonly epoch?: number
  readonly now: number
}

export async function notice(db: WriteDb, args: NoticeArgs): Promise<Result<Written, Refusal>> {
  const { device, n, now, effect } = args
  const room = await roomRow(db, args.room)
  const row = await deviceRow(db, args.room, device)
  if (!room || !row) return err(refuse("unknown_room"))
  const before = await repeated(db, row, n, { kind: entryKinds.notice, body: args.notice })
  if (before) return before
  if (row.member !== membership.member) return err(refuse("not_a_member"))
  if (!sameBytes(row.user_id, idBytes(args.user))) return err(refuse("not_a_member"))
  if (!Buffer.from(room.hash).equals(args.after)) return err(refuse("stale_head"))

  if (args.epoch !== undefined && args.epoch !== room.epoch) return err(refuse("stale_head"))
  const leaving = await leavingBy(db, room, effect)
  if (effect.kind === "device_revoked" && leaving.length === 0) return err(refuse("unknown_device"))

  const body = args.notice
  const written = await insertEntry(db, room, { kind: entryKinds.notice, device, n, body, now })
  const { seq, hash, time } = written
  await sentBy(db, room.id, device, n, seq)
  for (const device_id of leaving)
    await db
      .updateTable("room_device")
      .set({ member: membership.leaving, until: seq })
      .where("room_id", "=", room.id)
      .where("device_id", "=", device_id)
      .execute()
  await db
    .updateTable("room")
    .set({ seq, hash, time, leaving: room.leaving + leaving.length, ...stateAfter(effect) })
    .where("id", "=", room.id)
    .execute()
  return ok({ ...written, gone: leaving.map(idFrom) })
}

function stateAfter(effect: NoticeEffect): Partial<Pick<RoomRow, "state">> {
  if (effect.kind === "frozen") return { state: roomStates.frozen }
  return effect.kind === "resumed" ? { state: roomStates.open } : {}
}

/**
 * Whoever leaves hears the notice and nothing after it; nobody may send before a commit has removed the leaves. By user
 * always, also for a single device: nobody says of another's device that it goes.
 */
async function leavingBy(db: WriteDb, room: RoomRow, effect: NoticeEffect): Promise<Uint8Array[]> {
  if (effect.kind !== "left" && effect.kind !== "device_revoked") return []
  const theirs = db
    .selectFrom("room_device")
    .select("device_id")
    .where("room_id", "=", room.id)
    .where("member", "=", membership.member)
    .where("user_id", "=", idBytes(effect.user))
  const rows = await (effect.kind === "left"
    ? theirs
    : theirs.where("device_id", "=", idBytes(effect.device))
  ).execute()
  return rows.map((row) => row.device_id)
}
