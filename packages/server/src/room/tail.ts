/**
 * Where rooms and senders stand. Their rows may be some entries behind the log (appender.ts), so both are read together
 * with what the log has after them.
 */

import type { Head } from "@teahouse/protocol/head.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Database } from "../db/port.ts"

/** The last entry of each of these rooms, in the room's present incarnation; unknown rooms are left out. */
export async function headsOf(db: Database, rooms: readonly Id[]): Promise<Head[]> {
  if (rooms.length === 0) return []
  const rows = await db.read
    .selectFrom("room")
    .innerJoin("entry", "entry.room_id", "room.id")
    .select([
      "entry.room_id",
      "room.incarnation",
      "entry.generation",
      "entry.seq",
      "entry.hash",
      "entry.time",
    ])
    .where("room.id", "in", rooms.map(idBytes))
    // A look at the end of the index for each room; MAX with GROUP BY would walk through all of it.
    .where("entry.seq", "=", (sub) =>
      sub
        .selectFrom("entry as e")
        .select((of) => of.fn.max("e.seq").as("seq"))
        .whereRef("e.room_id", "=", "room.id"),
    )
    .execute()
  return rows.map(({ room_id, ...head }) => ({ room: idFrom(room_id), ...head }))
}

export const headOf = async (db: Database, room: Id): Promise<Head | undefined> =>
  (await headsOf(db, [room]))[0]

/** The highest number that a device has used in a room; 0 if none. */
export async function lastNumber(db: Database, room: Id, device: Id): Promise<number> {
  const row = await db.read
    .selectFrom("room_device")
    .innerJoin("room", "room.id", "room_device.room_id")
    .select(["room_device.n", "room.seq"])
    .where("room_device.room_id", "=", idBytes(room))
    .where("room_device.device_id", "=", idBytes(device))
    .executeTakeFirst()
  if (!row) return 0
  const tail = await db.read
    .selectFrom("entry")
    .select((of) => of.fn.max("n").as("n"))
    .where("room_id", "=", idBytes(room))
    .where("seq", ">", row.seq)
    .where("device_id", "=", idBytes(device))
    .executeTakeFirst()
  return Math.max(row.n, Number(tail?.n ?? 0))
}
