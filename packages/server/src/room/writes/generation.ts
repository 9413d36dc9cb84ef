/**
 * Takes a room's next generation that was judged against the room's current state (judge/src/generation.ts). Like a commit, but
 * the group is another one: its roster takes the place of the old one, whatever epoch that had come to.
 */
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { membership, roomStates } from "../log.ts"
import { type NextEpoch, storeEpoch } from "./epoch.ts"
import { areKnown, type EnteringLeaf } from "./known.ts"
import { deviceRow, insertEntry, repeated, roomRow, sentBy, type Written } from "./place.ts"
import { foldRoster, type RosterLeaf } from "./roster.ts"

export type GenerationArgs = {
  readonly room: Id
  readonly device: Id
  readonly user: Id
  readonly n: number
  /** What it was judged against, and ends. */
  readonly generation: number
  readonly epoch: number
  readonly body: Uint8Array
  readonly roster: readonly RosterLeaf[]
  /** Everybody in it. */
  readonly entering: readonly EnteringLeaf[]
  readonly next: NextEpoch
  readonly now: number
  /** At most one in this time (ms). */
  readonly intervalMs: number
}

export async function openGeneration(db: WriteDb, args: GenerationArgs): Promise<Result<Written, Refusal>> {
  const { device, n, now, body } = args
  const room = await roomRow(db, args.room)
  const row = await deviceRow(db, args.room, device)
  if (!room || !row) return err(refuse("unknown_room"))
  const said = { kind: entryKinds.generation, body }
  const before = await repeated(db, row, n, said)
  if (before) return before
  if (row.member !== membership.member) return err(refuse("not_a_member"))
  if (room.generation !== args.generation || room.epoch !== args.epoch) return err(refuse("stale_epoch"))
  if (room.state !== roomStates.open) return err(refuse("room_frozen"))
  const last = room.generation === 0 ? undefined : await lastOpened(db, room.id)
  if (last !== undefined && now < last + args.intervalMs)
    return err(refuse("rate_limited", { retryAfterMs: Math.ceil(last + args.intervalMs - now) }))
  if (!(await areKnown(db, args.entering)))
    return err(refuse("commit_refused", { detail: { reason: "bad_certificate" } }))
  if (!(await areStaying(db, room.id, args.entering)))
    return err(refuse("commit_refused", { detail: { reason: "add_forbidden" } }))

  const written = await insertEntry(
    db,
    { ...room, generation: room.generation + 1 },
    { ...said, device, n, now },
  )
  const { leaving, gone } = await foldRoster(db, room.id, args.roster, written.seq)
  await sentBy(db, room.id, device, n, written.seq)
  await storeEpoch(db, room.id, device, args.next, written)
  const { generation, seq, hash, time } = written
  const head = { generation, epoch: args.next.epoch, seq, hash, time, epoch_seq: seq, epoch_time: time }
  await db
    .updateTable("room")
    .set({ ...head, leaves: args.roster.length, leaving })
    .where("id", "=", room.id)
    .execute()
  return ok({ ...written, gone })
}

/** When the current generation was opened (ms UTC). A rare question: it walks back from the end of the log. */
async function lastOpened(db: WriteDb, room: Uint8Array): Promise<number | undefined> {
  const row = await db
    .selectFrom("entry")
    .select("time")
    .where("room_id", "=", room)
    .where("kind", "=", entryKinds.generation)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst()
  return row?.time
}

/** Nobody comes back by it who has left or whose device goes: each person has a device that stays. */
async function areStaying(
  db: WriteDb,
  room: Uint8Array,
  entering: readonly EnteringLeaf[],
): Promise<boolean> {
  const rows = await db
    .selectFrom("room_device")
    .select(["device_id", "user_id", "member"])
    .where("room_id", "=", room)
    .where("member", "!=", membership.gone)
    .execute()
  const of = (member: number) => rows.filter((row) => row.member === member)
  const staying = new Set(of(membership.member).map((row) => idFrom(row.user_id)))
  const going = new Set(of(membership.leaving).map((row) => idFrom(row.device_id)))
  return entering.every(({ user, device }) => staying.has(user) && !going.has(device))
}
