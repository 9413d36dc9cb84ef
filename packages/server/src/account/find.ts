/** An account by name or id. Names are compared in their normal form, as bytes. */
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import type { Stretching, Vault } from "@teahouse/protocol/http/account.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import type { Selectable } from "kysely"
import type { Database } from "../db/port.ts"
import type { AccountTables } from "./tables.ts"

type Account = Selectable<AccountTables["account"]>

export const accountByName = (db: Database, name: string): Promise<Account | undefined> =>
  db.read.selectFrom("account").selectAll().where("name", "=", utf8(name)).executeTakeFirst()

/** Of an account that was deleted: nobody gets the name again. */
export const isDeparted = async (db: Database, name: string): Promise<boolean> =>
  (await db.read.selectFrom("departed").select("name").where("name", "=", utf8(name)).executeTakeFirst()) !==
  undefined

export const accountById = (db: Database, user: Id): Promise<Account | undefined> =>
  db.read.selectFrom("account").selectAll().where("id", "=", idBytes(user)).executeTakeFirst()

export const nameOf = (account: Pick<Account, "name">): string => fromUtf8(account.name)

export const stretchingOf = (account: Account): Stretching => ({
  memory: account.stretch_memory,
  iterations: account.stretch_iterations,
  parallelism: account.stretch_parallelism,
})

export const vaultOf = (account: Account): Vault => ({
  version: account.vault_version,
  uik: account.uik,
  vaultKey: account.vault_key,
  vaultKeySignature: account.vault_key_signature,
  rootByPassword: account.root_by_password,
  rootByRecovery: account.root_by_recovery,
  recoveryKey: account.recovery_key,
  keys: account.vault_keys,
})
