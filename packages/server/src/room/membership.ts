/** Who is in a room, read from the roster that commits and notices have left (docs/contract.md 2). */

import { fromUtf8 } from "@teahouse/protocol/bytes.ts"
import type { RoomSummary } from "@teahouse/protocol/http/room.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Database } from "../db/port.ts"
import { membership, roomKinds, stateNames } from "./log.ts"
import { headsOf } from "./tail.ts"

/** Whether any of the user's devices is in the room: the others may then join by external commit. */
export async function isOnRoster(db: Database, room: Id, user: Id): Promise<boolean> {
  const row = await db.read
    .selectFrom("room_device")
    .select("device_id")
    .where("user_id", "=", idBytes(user))
    .where("room_id", "=", idBytes(room))
    .where("member", "!=", membership.gone)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether any of the user's devices is in the room or has been. */
export async function wasEverIn(db: Database, room: Id, user: Id): Promise<boolean> {
  const row = await db.read
    .selectFrom("room_device")
    .select("device_id")
    .where("user_id", "=", idBytes(user))
    .where("room_id", "=", idBytes(room))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** How many rooms the user has opened since then. Their first entry says when: it is the maker's own. */
export async function madeSince(db: Database, user: Id, since: number): Promise<number> {
  const row = await db.read
    .selectFrom("room")
    .innerJoin("entry", (join) => join.onRef("entry.room_id", "=", "room.id").on("entry.seq", "=", 1))
    .select((of) => of.fn.countAll<number>().as("count"))
    .where("room.id", "in", (sub) =>
      sub.selectFrom("room_device").select("room_id").where("user_id", "=", idBytes(user)),
    )
    .where("room.maker", "=", idBytes(user))
    .where("entry.time", ">", since)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** All rooms on whose roster the user is. */
export async function roomSummaries(db: Database, user: Id, device: Id): Promise<RoomSummary[]> {
  const rows = await db.read
    .selectFrom("room")
    .selectAll()
    .where("id", "in", (sub) =>
      sub
        .selectFrom("room_device")
        .select("room_id")
        .where("user_id", "=", idBytes(user))
        .where("member", "!=", membership.gone),
    )
    .orderBy("time")
    .execute()
  const heads = new Map(
    (
      await headsOf(
        db,
        rows.map((row) => idFrom(row.id)),
      )
    ).map((head) => [head.room, head]),
  )
  const summaries: RoomSummary[] = []
  for (const row of rows) {
    const rosters = await membersOf(db, row.id)
    const members = rosters.map(({ since: _, ...member }) => member)
    const { incarnation, seq, hash } = heads.get(idFrom(row.id)) ?? row
    summaries.push({
      room: idFrom(row.id),
      kind: roomKinds[row.kind] ?? "group",
      state: stateNames[row.state] ?? "frozen",
      incarnation,
      generation: row.generation,
      epoch: row.epoch,
      seq,
      hash,
      joined: members.some((member) => member.devices.includes(device)),
      since: rosters.find((member) => member.user === user)?.since ?? seq,
      members,
    })
  }
  return summaries
}

type Listed = RoomSummary["members"][number] & { since: number }

async function membersOf(db: Database, room: Uint8Array): Promise<Listed[]> {
  const rows = await db.read
    .selectFrom("room_device")
    .innerJoin("account", "account.id", "room_device.user_id")
    .select(["room_device.user_id", "room_device.device_id", "room_device.since", "account.name"])
    .where("room_device.room_id", "=", room)
    .where("room_device.member", "!=", membership.gone)
    .orderBy("room_device.leaf")
    .execute()
  const members = new Map<Id, { user: Id; username: string; devices: Id[]; since: number }>()
  for (const row of rows) {
    const user = idFrom(row.user_id)
    const member = members.get(user) ?? { user, username: fromUtf8(row.name), devices: [], since: row.since }
    member.since = Math.min(member.since, row.since)
    members.set(user, member)
    member.devices.push(idFrom(row.device_id))
  }
  return [...members.values()]
}
