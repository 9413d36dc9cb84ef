/**
 * Takes a commit that the judge has found valid for (generation, epoch). The judging was done on another thread, before:
 * here only compare-and-set decides whether it is still about the room as it is (docs/contract.md 5).
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { membership, roomKinds, roomStates } from "../log.ts"
import { type NextEpoch, storeEpoch } from "./epoch.ts"
import { forgetJoins, haveAsked, type JoinedBy } from "./joins.ts"
import { areKnown, type EnteringLeaf } from "./known.ts"
import {
  type DeviceRow,
  deviceRow,
  insertEntry,
  type RoomRow,
  repeated,
  roomRow,
  sentBy,
  type Written,
} from "./place.ts"
import { type Said, sayRevokedIn } from "./revoked.ts"
import { foldRoster, type RosterLeaf } from "./roster.ts"

export type CommitArgs = {
  readonly room: Id
  readonly device: Id
  readonly user: Id
  readonly n: number
  readonly generation: number
  /** The epoch that the commit ends. */
  readonly epoch: number
  readonly commit: Uint8Array
  /** By a device that has no leaf yet. */
  readonly external: boolean
  /** Devices that are removed only because a notice says so: it must be one that the log has, and still holds. */
  readonly proven: readonly Id[]
  /** Only removes: allowed in a frozen room and without waiting for the room to be quiet. */
  readonly removal: boolean
  readonly roster: readonly RosterLeaf[]
  /** Added leaves, and the committer's own as it is after the commit. */
  readonly entering: readonly EnteringLeaf[]
  /** Strangers whom a link lets in: each must have asked. */
  readonly joined: readonly JoinedBy[]
  readonly next: NextEpoch
  readonly now: number
  /** After a commit a room takes only messages for this long, so that nobody can keep it from talking. */
  readonly quietMs: number
  readonly quietPerLeafMs: number
}

/** `said`: which revoked devices go now that another of their person's has come. */
export type Committed = Written & { readonly said: readonly Said[] }

export async function commit(db: WriteDb, args: CommitArgs): Promise<Result<Committed, Refusal>> {
  const { device, n, now } = args
  const room = await roomRow(db, args.room)
  const row = await deviceRow(db, args.room, device)
  if (!room) return err(refuse("unknown_room"))
  const before = await repeated(db, row, n, { kind: entryKinds.commit, body: args.commit })
  if (before) return before.ok ? ok({ ...before.value, said: [] }) : before
  const why = objection(room, row, args)
  if (why) return err(why)
  if (args.external && !(await mayComeIn(db, room, row, args.user))) return err(refuse("not_a_member"))
  if (!(await areLeaving(db, room, args.proven)))
    return err(refuse("commit_refused", { detail: { reason: "remove_forbidden" } }))
  if (!(await areKnown(db, args.entering)))
    return err(refuse("commit_refused", { detail: { reason: "bad_certificate" } }))
  if (!(await haveAsked(db, args.room, args.joined))) return err(refuse("unknown_join"))

  const entry = { kind: entryKinds.commit, device, n, body: args.commit, now }
  const written = await insertEntry(db, room, entry)
  const { leaving, gone } = await foldRoster(db, room.id, args.roster, written.seq)
  await forgetJoins(
    db,
    args.room,
    args.entering.map((leaf) => leaf.user),
  )
  await sentBy(db, room.id, device, n, written.seq)
  await storeEpoch(db, room.id, device, args.next, written)
  const { seq, hash, time } = written
  const now_ = { seq, hash, time, epoch: args.next.epoch, epoch_seq: seq, epoch_time: time }
  await db
    .updateTable("room")
    .set({ ...now_, leaves: args.roster.length, leaving })
    .where("id", "=", room.id)
    .execute()
  const said = await sayRevokedIn(
    db,
    room.id,
    args.entering.map((leaf) => idBytes(leaf.user)),
    now,
  )
  return ok({ ...written, gone, said })
}

function objection(room: RoomRow, row: DeviceRow | undefined, args: CommitArgs): Refusal | undefined {
  if (row && !sameBytes(row.user_id, idBytes(args.user))) return refuse("not_a_member")
  if (!args.external && row?.member !== membership.member) return refuse("not_a_member")
  if (room.generation !== args.generation || room.epoch !== args.epoch) return refuse("stale_epoch")
  // A device that is newer than the request could not accept it otherwise; or not see it, where it is the asker's.
  if (room.state === roomStates.pending) return args.external ? undefined : refuse("room_frozen")
  if (args.removal) return undefined
  // The same where a friendship is asked for anew: a private room never has other people than its two.
  if (room.state === roomStates.frozen)
    return args.external && roomKinds[room.kind] === "direct" ? undefined : refuse("room_frozen")
  const quiet = Math.max(args.quietMs, args.quietPerLeafMs * room.leaves)
  const since = args.now - room.epoch_time
  // Before the last commit's time only where the clock was set back: nobody knows how long ago that was.
  if (room.epoch > 0 && since >= 0 && since < quiet)
    return refuse("rate_limited", { retryAfterMs: Math.ceil(quiet - since) })
  return undefined
}

/** A user's devices come in as long as one of theirs stays: not after having left, and never a revoked one. */
async function mayComeIn(db: WriteDb, room: RoomRow, own: DeviceRow | undefined, user: Id): Promise<boolean> {
  if (own?.member === membership.leaving) return false
  const staying = await db
    .selectFrom("room_device")
    .select("device_id")
    .where("user_id", "=", idBytes(user))
    .where("room_id", "=", room.id)
    .where("member", "=", membership.member)
    .limit(1)
    .executeTakeFirst()
  return staying !== undefined
}

async function areLeaving(db: WriteDb, room: RoomRow, devices: readonly Id[]): Promise<boolean> {
  if (devices.length === 0) return true
  const rows = await db
    .selectFrom("room_device")
    .select("device_id")
    .where("room_id", "=", room.id)
    .where("member", "=", membership.leaving)
    .execute()
  const leaving = new Set(rows.map((row) => idFrom(row.device_id)))
  return devices.every((device) => leaving.has(device))
}
