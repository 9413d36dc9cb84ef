/**
 * History segments: sealed bytes of an account for one stretch of one room's log, versioned for compare-and-set, and a position
 * that rises with every change of the account's (docs/contract.md). A deletion is a version of its own, so that
 * a device which has not heard of it cannot write the segment back, and counting goes on from there: the version is part of
 * what is sealed, so it must never come twice.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"
import { isNext } from "../notebook/writes.ts"
import { packStretches, type Stretch } from "./stretches.ts"

export type SegmentKey = {
  readonly user: Uint8Array
  readonly room: Uint8Array
  readonly incarnation: number
  readonly number: number
}
export type SegmentChange = SegmentKey & {
  readonly version: number
  readonly generation: number
  readonly sealed: Uint8Array
  readonly over?: number | undefined
  readonly now: number
  readonly quota: number
  readonly maxSegments: number
  /** The positions that are in it without a gap. */
  readonly whole?: Stretch | undefined
  /** Further ones, where the account has left and come back. */
  readonly again?: readonly Stretch[] | undefined
}
export type SegmentWritten = { readonly position: number; readonly used: number; readonly changed: boolean }
export type Dropped = { readonly position: number; readonly changed: boolean; readonly more: boolean }

/** So that messages do not wait behind a long clean-up: megabytes and rows of one step. */
const STEP_BYTES = 32 * 1024 * 1024
const STEP_ROWS = 200
const SWEEP_ROWS = 20

const keyed = ({ user, room, incarnation, number }: SegmentKey) => ({
  user_id: user,
  room_id: room,
  incarnation,
  segment: number,
})

export const historyWrites = {
  /** The same change again is answered as it was the first time, whatever else would be refused by now. */
  async "history.write"(db: WriteDb, args: SegmentChange): Promise<Result<SegmentWritten, Refusal>> {
    const { user, version, generation, sealed } = args
    const key = keyed(args)
    const row = await segmentOf(db, args)
    const account = await accountOf(db, user)
    if (row && (await isSame(db, row, args)))
      return ok({ position: row.position, used: account?.used ?? 0, changed: false })
    if (!(await wasIn(db, args))) return err(refuse("unknown_room"))
    const known = await db
      .selectFrom("account_key")
      .select("generation")
      .where("user_id", "=", user)
      .where("generation", "=", generation)
      .executeTakeFirst()
    if (!known) return err(refuse("unknown_record"))
    if (!isNext(row?.version ?? 0, args)) return err(refuse("version_conflict"))

    const before = row?.bytes ?? 0
    const used = (account?.used ?? 0) - before + sealed.length
    const segments = (account?.segments ?? 0) + (row ? 0 : 1)
    // Where an operator has lowered the quota, what makes it less is still taken.
    if (used > args.quota && sealed.length > before) return err(refuse("quota_exceeded"))
    if (!row && segments > args.maxSegments) return err(refuse("quota_exceeded"))

    const position = (account?.position ?? 0) + 1
    if (row) await dropBodies(db, args, row.version)
    await db
      .insertInto("history_body")
      .values({ ...key, version, generation, sealed })
      .execute()
    const change = {
      ...{ version, generation, position },
      bytes: sealed.length,
      replaced: before > 0 ? args.now : 0,
      whole_from: args.whole?.from ?? 0,
      whole_to: args.whole?.to ?? 0,
      whole_again: packStretches(args.number, args.again ?? []),
    }
    if (row) await updateSegment(db, args, change)
    else
      await db
        .insertInto("history_segment")
        .values({ ...key, ...change })
        .execute()
    const counters = { position, used, segments }
    if (account) await db.updateTable("history_account").set(counters).where("user_id", "=", user).execute()
    else
      await db
        .insertInto("history_account")
        .values({ user_id: user, ...counters })
        .execute()
    return ok({ position, used, changed: true })
  },

  /**
   * Some of a room's segments, whole: current and previous bytes. `more`: call again. In steps because a gigabyte in one
   * transaction would hold up everybody's messages; each step leaves what is true, and who is not answered asks again.
   */
  async "history.drop"(
    db: WriteDb,
    { user, room }: { readonly user: Uint8Array; readonly room: Uint8Array },
  ): Promise<Result<Dropped, Refusal>> {
    const rows = await db
      .selectFrom("history_segment")
      .selectAll()
      .where("user_id", "=", user)
      .where("room_id", "=", room)
      .where("bytes", ">", 0)
      .orderBy("incarnation")
      .orderBy("segment")
      .limit(STEP_ROWS)
      .execute()
    const account = await accountOf(db, user)
    let position = account?.position ?? 0
    let freed = 0
    let done = 0
    for (const row of rows) {
      const key = { user, room, incarnation: row.incarnation, number: row.segment }
      await dropBodies(db, key)
      position += 1
      await updateSegment(db, key, {
        ...{ version: row.version + 1, bytes: 0, replaced: 0, position },
        ...{ whole_from: 0, whole_to: 0, whole_again: null },
      })
      freed += row.bytes
      done += 1
      if (freed >= STEP_BYTES) break
    }
    if (account && done > 0)
      await db
        .updateTable("history_account")
        .set({ position, used: account.used - freed })
        .where("user_id", "=", user)
        .execute()
    return ok({ position, changed: done > 0, more: done < rows.length || done === STEP_ROWS })
  },

  /** Previous versions that were replaced before then. */
  async "history.sweep"(
    db: WriteDb,
    { before }: { readonly before: number },
  ): Promise<Result<{ more: boolean }, Refusal>> {
    const rows = await db
      .selectFrom("history_segment")
      .selectAll()
      .where("replaced", ">", 0)
      .where("replaced", "<=", before)
      .limit(SWEEP_ROWS)
      .execute()
    for (const row of rows) {
      const { user_id: user, room_id: room, incarnation, segment: number } = row
      await dropBodies(db, { user, room, incarnation, number }, row.version)
      await updateSegment(db, { user, room, incarnation, number }, { replaced: 0 })
    }
    return ok({ more: rows.length === SWEEP_ROWS })
  },
} as const

type Row = NonNullable<Awaited<ReturnType<typeof segmentOf>>>

const segmentOf = (db: WriteDb, { user, room, incarnation, number }: SegmentKey) =>
  db
    .selectFrom("history_segment")
    .selectAll()
    .where("user_id", "=", user)
    .where("room_id", "=", room)
    .where("incarnation", "=", incarnation)
    .where("segment", "=", number)
    .executeTakeFirst()

const accountOf = (db: WriteDb, user: Uint8Array) =>
  db.selectFrom("history_account").selectAll().where("user_id", "=", user).executeTakeFirst()

async function isSame(db: WriteDb, row: Row, args: SegmentChange): Promise<boolean> {
  if (row.version !== args.version || row.generation !== args.generation) return false
  if (row.bytes !== args.sealed.length) return false
  const body = await db
    .selectFrom("history_body")
    .select("sealed")
    .where("user_id", "=", args.user)
    .where("room_id", "=", args.room)
    .where("incarnation", "=", args.incarnation)
    .where("segment", "=", args.number)
    .where("version", "=", args.version)
    .executeTakeFirst()
  return body !== undefined && sameBytes(body.sealed, args.sealed)
}

/** Whether a device of this account is in the room or has been. */
async function wasIn(db: WriteDb, { user, room }: SegmentKey): Promise<boolean> {
  const row = await db
    .selectFrom("room_device")
    .select("device_id")
    .where("user_id", "=", user)
    .where("room_id", "=", room)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function updateSegment(
  db: WriteDb,
  { user, room, incarnation, number }: SegmentKey,
  change: Partial<Omit<Row, "user_id" | "room_id" | "incarnation" | "segment">>,
): Promise<void> {
  await db
    .updateTable("history_segment")
    .set(change)
    .where("user_id", "=", user)
    .where("room_id", "=", room)
    .where("incarnation", "=", incarnation)
    .where("segment", "=", number)
    .execute()
}

/** `below`: only versions lower than this one. */
async function dropBodies(
  db: WriteDb,
  { user, room, incarnation, number }: SegmentKey,
  below = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  await db
    .deleteFrom("history_body")
    .where("user_id", "=", user)
    .where("room_id", "=", room)
    .where("incarnation", "=", incarnation)
    .where("segment", "=", number)
    .where("version", "<", below)
    .execute()
}
