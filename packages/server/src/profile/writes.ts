/** The profile: one sealed record a person, which friends can open with a key that the house does not have. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

export type ProfileChange = {
  readonly user: Uint8Array
  readonly version: number
  readonly sealed: Uint8Array
  readonly now: number
}

export const profileWrites = {
  async "profile.write"(
    db: WriteDb,
    { user, version, sealed, now }: ProfileChange,
  ): Promise<Result<{ changed: boolean }, Refusal>> {
    const stored = await db.selectFrom("profile").selectAll().where("user_id", "=", user).executeTakeFirst()
    if (stored?.version === version && sameBytes(stored.sealed, sealed)) return ok({ changed: false })
    if (version !== (stored?.version ?? 0) + 1) return err(refuse("version_conflict"))
    const change = { version, sealed, time: now }
    if (stored) await db.updateTable("profile").set(change).where("user_id", "=", user).execute()
    else
      await db
        .insertInto("profile")
        .values({ user_id: user, ...change })
        .execute()
    return ok({ changed: true })
  },
} as const
