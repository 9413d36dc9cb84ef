/** What accounts need to know of rooms: who shares one, and which is the room with oneself. */
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Database } from "../db/port.ts"

const FRIEND = 1
const DIRECT = 0
const SELF_ROOM = 2
const PENDING = 0
const OPEN = 1
const GONE = 0

export async function areFriends(db: Database, user: Id, peer: Id): Promise<boolean> {
  const row = await db.read
    .selectFrom("contact")
    .select("state")
    .where("user_id", "=", idBytes(user))
    .where("peer_id", "=", idBytes(peer))
    .executeTakeFirst()
  return row?.state === FRIEND
}

/**
 * A room of two counts while it is open only: one that waits for an answer would open to a request what a stranger may not
 * see, and one that is frozen is what is left of a friendship that has ended.
 */
export async function shareRoom(db: Database, user: Id, peer: Id): Promise<boolean> {
  const row = await db.read
    .selectFrom("room_device as mine")
    .innerJoin("room_device as theirs", "theirs.room_id", "mine.room_id")
    .innerJoin("room", "room.id", "mine.room_id")
    .select("room.id")
    .where("mine.user_id", "=", idBytes(user))
    .where("mine.member", "!=", GONE)
    .where("theirs.user_id", "=", idBytes(peer))
    .where("theirs.member", "!=", GONE)
    .where("room.state", "!=", PENDING)
    .where((is) => is.or([is("room.kind", "!=", DIRECT), is("room.state", "=", OPEN)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function hasBlocked(db: Database, user: Id, peer: Id): Promise<boolean> {
  const row = await db.read
    .selectFrom("block")
    .select("since")
    .where("user_id", "=", idBytes(user))
    .where("peer_id", "=", idBytes(peer))
    .executeTakeFirst()
  return row !== undefined
}

/** Whom somebody has blocked gets neither their profile nor what is needed to put them into a room. */
export const mayAddress = async (db: Database, user: Id, peer: Id): Promise<boolean> =>
  (await mayReach(db, user, peer)) && !(await hasBlocked(db, peer, user))

/** Oneself, a friend, or somebody in a common room: who may see devices and profile, and reach them by one-time packages. */
export const mayReach = async (db: Database, user: Id, peer: Id): Promise<boolean> =>
  user === peer || (await areFriends(db, user, peer)) || (await shareRoom(db, user, peer))

export async function selfRoomOf(db: Database, user: Id): Promise<Id | null> {
  const row = await db.read
    .selectFrom("room_device")
    .innerJoin("room", "room.id", "room_device.room_id")
    .select("room.id")
    .where("room_device.user_id", "=", idBytes(user))
    .where("room_device.member", "!=", GONE)
    .where("room.kind", "=", SELF_ROOM)
    .limit(1)
    .executeTakeFirst()
  return row ? idFrom(row.id) : null
}

export async function friendsOf(db: Database, user: Id): Promise<Id[]> {
  const rows = await db.read
    .selectFrom("contact")
    .select("peer_id")
    .where("user_id", "=", idBytes(user))
    .where("state", "=", FRIEND)
    .execute()
  return rows.map((row) => idFrom(row.peer_id))
}
