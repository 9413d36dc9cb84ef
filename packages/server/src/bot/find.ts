/** Which accounts are bots, and whose. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Database } from "../db/port.ts"

/** Undefined: a person's account, or none. */
export async function ownerOf(db: Database, user: Id): Promise<Id | undefined> {
  const row = await db.read
    .selectFrom("bot")
    .select("owner_id")
    .where("user_id", "=", idBytes(user))
    .executeTakeFirst()
  return row && idFrom(row.owner_id)
}

export const isBot = async (db: Database, user: Id): Promise<boolean> =>
  (await ownerOf(db, user)) !== undefined

/** Why `by` may not bring these users into a room, as far as bots are concerned: a bot brings nobody, and comes by its owner only. */
export async function botsForbid(db: Database, by: Id, users: Iterable<Id>): Promise<Refusal | undefined> {
  const others = [...users].filter((user) => user !== by)
  if (others.length === 0) return undefined
  if (await isBot(db, by)) return refuse("not_for_bots")
  const rows = await db.read
    .selectFrom("bot")
    .select("owner_id")
    .where("user_id", "in", others.map(idBytes))
    .execute()
  return rows.every((row) => sameBytes(row.owner_id, idBytes(by))) ? undefined : refuse("bot_of_another")
}

/** undefined: yes. The token is used up only by the write that makes the account. */
export async function mayEnrol(db: Database, hash: Uint8Array, now: number): Promise<Refusal | undefined> {
  const row = await db.read
    .selectFrom("bot_token")
    .select("expires")
    .where("token_hash", "=", hash)
    .executeTakeFirst()
  return row && row.expires > now ? undefined : refuse("invalid_bot_token")
}
