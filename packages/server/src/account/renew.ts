/**
 * A new password (SECURITY R2): OPAQUE record, stretching, the root's wraps and the vault's version in one statement, and every
 * other session of the account gone in the same transaction. Identity, vault key and what the root seals stay as they are.
 *
 * Compare-and-set on the vault's version: of two changes at once one wins. The one that lost has no session any more where it
 * comes by a session of its own, and a version that is too old where it does not.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"
import { REVOKED_EXPIRES } from "./session.ts"
import type { AccountTables } from "./tables.ts"

export type Renewal = {
  readonly user: Uint8Array
  /** Who asks; it stays, and is a session like any other afterwards. */
  readonly session: Uint8Array
  /** One more of this account that stays. */
  readonly keep: Uint8Array | null
  readonly set: Pick<
    AccountTables["account"],
    | "record"
    | "stretch_memory"
    | "stretch_iterations"
    | "stretch_parallelism"
    | "vault_version"
    | "root_by_password"
    | "root_by_recovery"
    | "recovery_key"
  >
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

export async function renewPassword(
  db: WriteDb,
  { user, session, keep, set }: Renewal,
): Promise<Result<{ readonly ended: readonly Uint8Array[] }, Refusal>> {
  const account = await db.selectFrom("account").selectAll().where("id", "=", user).executeTakeFirst()
  const sessions = await db
    .selectFrom("session")
    .select(["id", "recovering"])
    .where("user_id", "=", user)
    .where("expires", ">", REVOKED_EXPIRES)
    .execute()
  const own = sessions.find((one) => same(one.id, session))
  if (!account || !own) return err(refuse("session_expired"))
  // The answer was lost and the same comes again.
  const again =
    set.vault_version === account.vault_version &&
    same(set.record, account.record) &&
    same(set.root_by_password, account.root_by_password) &&
    same(set.root_by_recovery, account.root_by_recovery)
  if (again) return ok({ ended: [] })
  if (set.vault_version !== account.vault_version + 1) return err(refuse("version_conflict"))
  const newWrap = !same(set.root_by_recovery, account.root_by_recovery)
  const newCode = !same(set.recovery_key, account.recovery_key)
  // A code that was used is replaced, and another's session is none of its business.
  if (newWrap !== newCode || (own.recovering && (!newCode || keep))) return err(refuse("malformed"))

  await db
    .updateTable("account")
    .set({ ...set, must_recover: 0 })
    .where("id", "=", user)
    .execute()
  const ended = sessions.map((one) => one.id).filter((id) => !same(id, session) && !(keep && same(id, keep)))
  for (const id of ended) await db.deleteFrom("session").where("id", "=", id).execute()
  await db.updateTable("session").set({ recovering: 0 }).where("id", "=", session).execute()
  return ok({ ended })
}
