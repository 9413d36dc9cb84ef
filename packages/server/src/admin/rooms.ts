/**
 * Rooms as an administrator sees them: how many are in one and how large it has become. Who is in it is not told, and its name is
 * not known here.
 *
 * The bytes of a room are added up from its log, which only grows: what was added up once is remembered, in parts that are short
 * enough for a house that serves meanwhile. Emptied messages still count until the next start. Rejected: a counter in the room's
 * row, which would be written with every message for a figure that is looked at now and then.
 */
import { ADMIN_PAGE, type AdminRoom } from "@teahouse/protocol/http/admin.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { sql } from "kysely"
import type { Database } from "../db/port.ts"
import { membership, type RoomState, roomKinds, roomStates } from "../room/log.ts"
import { headsOf } from "../room/tail.ts"

export type RoomsPage = { readonly rooms: readonly AdminRoom[]; readonly more: boolean }

/** Entries that are looked at in one go. */
const PART = 2_000
const REMEMBERED = 20_000
const stateNames = new Map(
  Object.entries(roomStates).map(([name, state]) => [state as number, name as RoomState]),
)

export type RoomSizes = ReturnType<typeof createRoomSizes>

/** Bytes of a room's log up to `seq`. `pause` lets others have their turn. */
export function createRoomSizes(read: Database["read"], pause: () => Promise<unknown>) {
  const known = new Map<Id, { seq: number; bytes: number }>()
  return async (room: Id, to: number): Promise<number> => {
    const at = known.get(room) ?? { seq: 0, bytes: 0 }
    known.delete(room)
    while (at.seq < to) {
      const end = Math.min(to, at.seq + PART)
      const row = await read
        .selectFrom("entry")
        .select(sql<number | null>`SUM(LENGTH(body))`.as("bytes"))
        .where("room_id", "=", idBytes(room))
        .where("seq", ">", at.seq)
        .where("seq", "<=", end)
        .executeTakeFirst()
      at.seq = end
      at.bytes += Number(row?.bytes ?? 0)
      await pause()
    }
    known.set(room, at)
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break
      known.delete(oldest)
    }
    return at.bytes
  }
}

export async function listRooms(
  db: Database,
  sizeOf: RoomSizes,
  { skip = 0, limit = ADMIN_PAGE }: { readonly skip?: number | undefined; readonly limit?: number },
): Promise<RoomsPage> {
  const rows = await db.read
    .selectFrom("room")
    .select(["id", "kind", "state", "seq", "time"])
    .orderBy("seq", "desc")
    .orderBy("id")
    .limit(limit + 1)
    .offset(skip)
    .execute()
  const page = rows.slice(0, limit)
  if (page.length === 0) return { rooms: [], more: false }
  const ids = page.map(({ id }) => id)
  const members = await db.read
    .selectFrom("room_device")
    .select((of) => [
      "room_id",
      of.fn.countAll<number>().as("devices"),
      of.fn.count<number>("user_id").distinct().as("users"),
    ])
    .where("room_id", "in", ids)
    .where("member", "!=", membership.gone)
    .groupBy("room_id")
    .execute()
  const first = await db.read
    .selectFrom("entry")
    .select(["room_id", "time"])
    .where("room_id", "in", ids)
    .where("seq", "=", 1)
    .execute()
  const count = new Map(members.map((row) => [idFrom(row.room_id), row]))
  const began = new Map(first.map((row) => [idFrom(row.room_id), row.time]))
  const heads = new Map((await headsOf(db, ids.map(idFrom))).map((head) => [head.room, head]))
  const rooms: AdminRoom[] = []
  for (const row of page) {
    const room = idFrom(row.id)
    const entries = heads.get(room)?.seq ?? row.seq
    rooms.push({
      room,
      kind: roomKinds[row.kind] ?? "group",
      state: stateNames.get(row.state) ?? "open",
      members: Number(count.get(room)?.users ?? 0),
      devices: Number(count.get(room)?.devices ?? 0),
      entries,
      bytes: await sizeOf(room, entries),
      created: began.get(room) ?? row.time,
      last: heads.get(room)?.time ?? row.time,
    })
  }
  return { rooms, more: rows.length > page.length }
}
