/** What keeps somebody out who has proved that the account is theirs: an administrator's doing (admin/writes.ts). */
import type { ErrorKind } from "@teahouse/protocol/error.ts"
import type { Kysely } from "kysely"
import type { Schema } from "../db/schema.ts"

export type Barred = { readonly disabled: number; readonly must_recover: number }

/** `owner`: of a bot's account. A program has nobody who answers for it while its owner is kept out. */
export function objectionToEntering(
  account: Barred,
  byRecoveryCode: boolean,
  owner?: Pick<Barred, "disabled">,
): ErrorKind | undefined {
  if (account.disabled > 0 || (owner?.disabled ?? 0) > 0) return "account_disabled"
  return account.must_recover === 1 && !byRecoveryCode ? "recovery_required" : undefined
}

/** Undefined where the account is a person's. */
export const ownersState = (
  db: Pick<Kysely<Schema>, "selectFrom">,
  bot: Uint8Array,
): Promise<Pick<Barred, "disabled"> | undefined> =>
  db
    .selectFrom("bot")
    .innerJoin("account", "account.id", "bot.owner_id")
    .select("account.disabled")
    .where("bot.user_id", "=", bot)
    .executeTakeFirst()
