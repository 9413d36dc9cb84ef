/** Tokens for bots: made here, used up by `account.register` (account/writes.ts), in its transaction. */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

export const botWrites = {
  /** Those that are over go at the same time. */
  async "bot.token"(
    db: WriteDb,
    args: { hash: Uint8Array; owner: Uint8Array; expires: number; now: number; most: number },
  ): Promise<Result<null, Refusal>> {
    const { owner, hash, expires } = args
    await db.deleteFrom("bot_token").where("owner_id", "=", owner).where("expires", "<=", args.now).execute()
    const bots = await db.selectFrom("bot").select("user_id").where("owner_id", "=", owner).execute()
    const waiting = await db
      .selectFrom("bot_token")
      .select("token_hash")
      .where("owner_id", "=", owner)
      .execute()
    if (bots.length + waiting.length >= args.most) return err(refuse("too_many_bots"))
    await db.insertInto("bot_token").values({ token_hash: hash, owner_id: owner, expires }).execute()
    return ok(null)
  },
} as const

/** Inside of the registration. The owner may have gone, or be kept out, since the token was made. */
export async function enrol(
  db: WriteDb,
  { hash, user, now }: { hash: Uint8Array; user: Uint8Array; now: number },
): Promise<Refusal | undefined> {
  const token = await db
    .selectFrom("bot_token")
    .innerJoin("account", "account.id", "bot_token.owner_id")
    .select(["bot_token.owner_id", "bot_token.expires"])
    .where("token_hash", "=", hash)
    .where("account.disabled", "=", 0)
    .executeTakeFirst()
  if (!token || token.expires <= now) return refuse("invalid_bot_token")
  await db.deleteFrom("bot_token").where("token_hash", "=", hash).execute()
  await db.insertInto("bot").values({ user_id: user, owner_id: token.owner_id, created: now }).execute()
  return undefined
}
