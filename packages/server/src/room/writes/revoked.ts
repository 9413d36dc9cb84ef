/**
 * A revoked device goes out of a room by the account's word (protocol/revocation.ts), which the house puts there: under the device
 * that goes, which says nothing after it. Only where another of that person's devices stays: a person whose last leaf is gone
 * could not come in again. There the word waits until one has come.
 */
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { encodeChange, encodeNotice } from "@teahouse/protocol/notice.ts"
import type { WriteDb } from "../../db/schema.ts"
import { membership } from "../log.ts"
import { type NoticeArgs, notice } from "./notice.ts"
import type { Written } from "./place.ts"

export type Said = { readonly args: NoticeArgs; readonly written: Written }

/** In every room where this can be. */
export async function sayRevoked(
  db: WriteDb,
  user: Uint8Array,
  device: Uint8Array,
  now: number,
): Promise<Said[]> {
  const rows = await db
    .selectFrom("room_device")
    .select("room_id")
    .where("device_id", "=", device)
    .where("member", "=", membership.member)
    .execute()
  const said: Said[] = []
  for (const { room_id } of rows) said.push(...(await sayRevokedIn(db, room_id, [user], now)))
  return said
}

/** Those of these people that can go. */
export async function sayRevokedIn(
  db: WriteDb,
  room: Uint8Array,
  users: readonly Uint8Array[],
  now: number,
): Promise<Said[]> {
  if (users.length === 0) return []
  const members = db
    .selectFrom("room_device")
    .innerJoin("device", "device.id", "room_device.device_id")
    .where("room_device.room_id", "=", room)
    .where("room_device.member", "=", membership.member)
    .where("room_device.user_id", "in", users)
  const revoked = await members
    .where("device.revocation", "is not", null)
    .select(["device.id", "device.user_id", "device.revocation", "room_device.n"])
    .execute()
  if (revoked.length === 0) return []
  const others = await members.where("device.revocation", "is", null).select("device.user_id").execute()
  const staying = new Set(others.map((row) => idFrom(row.user_id)))
  const said: Said[] = []
  for (const { id, user_id, revocation, n } of revoked) {
    const its = { user: idFrom(user_id), device: idFrom(id) }
    if (revocation && staying.has(its.user)) said.push(await sayOne(db, room, its, revocation, n + 1, now))
  }
  return said
}

async function sayOne(
  db: WriteDb,
  room: Uint8Array,
  its: { readonly user: Id; readonly device: Id },
  signature: Uint8Array,
  n: number,
  now: number,
): Promise<Said> {
  const { hash: after } = await db
    .selectFrom("room")
    .select("hash")
    .where("id", "=", room)
    .executeTakeFirstOrThrow()
  const effect = { kind: "device_revoked", ...its } as const
  const body = encodeNotice(encodeChange(effect), after, signature)
  const args = { room: idFrom(room), ...its, n, notice: body, after, effect, now }
  const written = await notice(db, args)
  if (!written.ok) throw new Error(`a revocation was refused by a room: ${written.error.kind}`)
  return { args, written: written.value }
}
