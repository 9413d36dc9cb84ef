/**
 * What every write that adds an entry has in common: the device's number, the chain, the room's new end. The messages'
 * way (appender.ts) does the same over prepared statements; the contract suite runs against both.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { EntryKind } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Selectable } from "kysely"
import type { WriteDb } from "../../db/schema.ts"
import { linkHash, sha256Node } from "../chain-hasher.ts"
import type { RoomTables } from "../tables.ts"

export type RoomRow = Selectable<RoomTables["room"]>
export type DeviceRow = Selectable<RoomTables["room_device"]>

/** What a write that placed something answers. `fresh` is false where it was placed by an earlier, repeated request. */
export type Written = {
  readonly incarnation: number
  readonly generation: number
  readonly seq: number
  readonly time: number
  readonly hash: Uint8Array
  readonly fresh: boolean
  /** Devices that hear this entry and nothing after it. */
  readonly gone: readonly Id[]
}

export const roomRow = (db: WriteDb, room: Id): Promise<RoomRow | undefined> =>
  db.selectFrom("room").selectAll().where("id", "=", idBytes(room)).executeTakeFirst()

export const deviceRow = (db: WriteDb, room: Id, device: Id): Promise<DeviceRow | undefined> =>
  db
    .selectFrom("room_device")
    .selectAll()
    .where("room_id", "=", idBytes(room))
    .where("device_id", "=", idBytes(device))
    .executeTakeFirst()

/**
 * Contract 4, for a single entry: undefined where `n` is new; the first answer where it is the device's last number and
 * what is said again is the same; `already_sent` where it is lower, or was used for something else, which must not be
 * taken for placed.
 */
export async function repeated(
  db: WriteDb,
  row: DeviceRow | undefined,
  n: number,
  said: { readonly kind: EntryKind; readonly body: Uint8Array },
): Promise<Result<Written, Refusal> | undefined> {
  if (!row || n > row.n) return undefined
  if (n < row.n) return err(refuse("already_sent"))
  const entry = await db
    .selectFrom("entry")
    .select(["incarnation", "generation", "seq", "time", "hash", "kind", "body", "body_hash"])
    .where("room_id", "=", row.room_id)
    .where("seq", "=", row.seq)
    .executeTakeFirst()
  if (!entry || entry.kind !== said.kind || !isBodyOf(entry, said.body)) return err(refuse("already_sent"))
  const { incarnation, generation, seq, time, hash } = entry
  return ok({ incarnation, generation, seq, time, hash, fresh: false, gone: [] })
}

function isBodyOf(
  { body, body_hash }: { readonly body: Uint8Array | null; readonly body_hash: Uint8Array | null },
  said: Uint8Array,
): boolean {
  if (body) return sameBytes(body, said)
  return body_hash === null || sameBytes(body_hash, sha256Node(said))
}

export type NewEntry = {
  readonly kind: EntryKind
  readonly device: Id
  readonly n: number
  readonly body: Uint8Array
  readonly now: number
}

/** Adds the entry after the room's last one. The caller brings the room's and the device's row up to date. */
export async function insertEntry(
  db: WriteDb,
  room: Pick<RoomRow, "id" | "incarnation" | "generation" | "seq" | "hash" | "time">,
  { kind, device, n, body, now }: NewEntry,
): Promise<Written> {
  const { id, incarnation, generation } = room
  const device_id = idBytes(device)
  const seq = room.seq + 1
  const time = Math.max(now, room.time)
  const link = {
    room: id,
    incarnation,
    generation,
    seq,
    kind,
    device: device_id,
    n,
    time,
    bodyHash: sha256Node(body),
  }
  const hash = linkHash(room.hash, link)
  const place = { room_id: id, seq, incarnation, generation, kind, device_id, n, time }
  await db
    .insertInto("entry")
    .values({ ...place, body, body_hash: null, hash })
    .execute()
  return { incarnation, generation, seq, time, hash, fresh: true, gone: [] }
}

/** The last number of a device and its answer. */
export const sentBy = async (
  db: WriteDb,
  room: Uint8Array,
  device: Id,
  n: number,
  seq: number,
): Promise<void> => {
  await db
    .updateTable("room_device")
    .set({ n, seq, from_seq: seq })
    .where("room_id", "=", room)
    .where("device_id", "=", idBytes(device))
    .execute()
}
