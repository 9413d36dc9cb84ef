/** What the account's endpoints write. Each function runs inside the writer's transaction; a refusal undoes it. */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { noteAct } from "../admin/note.ts"
import { enrol } from "../bot/writes.ts"
import type { WriteDb } from "../db/schema.ts"
import { appendKeyLog, type KeyLogAppend } from "../key-log/append.ts"
import { deleteAccount } from "./delete.ts"
import { objectionToEntering, ownersState } from "./entering.ts"
import { objectionToInvite } from "./invite-rules.ts"
import { putLogin, takeLogin } from "./login-writes.ts"
import { renewPassword } from "./renew.ts"
import { REVOKED_EXPIRES } from "./session.ts"
import type { AccountTables } from "./tables.ts"

type Done<T = null> = Promise<Result<T, Refusal>>
type Row<Name extends keyof AccountTables> = AccountTables[Name]

export type NewAccount = {
  readonly account: Omit<Row<"account">, "admin" | "disabled" | "must_recover" | "file_quota">
  /** What its name looks like (looks.ts). */
  readonly look: Uint8Array
  readonly key: { readonly generation: number; readonly sealed: Uint8Array }
  readonly device: {
    readonly id: Uint8Array
    readonly certificate: Uint8Array
    readonly signatureKey: Uint8Array
  }
  readonly session: Row<"session">
  /** Absent: rows that a test writes, as of an account of before. */
  readonly keyLog?: KeyLogAppend
  /** SHA-256 of the invitation's token, where one is needed. */
  readonly invite: Uint8Array | null
  /** SHA-256 of a bot's token. */
  readonly bot: Uint8Array | null
}

export const accountWrites = {
  async "account.register"(db: WriteDb, given: NewAccount): Done {
    const { account, look, key, device, session, keyLog, invite, bot } = given
    const sameName = await db
      .selectFrom("account")
      .select("id")
      .where("name", "=", account.name)
      .executeTakeFirst()
    const departed = await db
      .selectFrom("departed")
      .select("name")
      .where("name", "=", account.name)
      .executeTakeFirst()
    if (sameName || departed) return err(refuse("username_taken"))
    const alike = await db
      .selectFrom("name_look")
      .select("name")
      .where("look", "=", look)
      .limit(1)
      .executeTakeFirst()
    if (alike) return err(refuse("username_alike"))
    const sameId = await db.selectFrom("account").select("id").where("id", "=", account.id).executeTakeFirst()
    const sameDevice = await db
      .selectFrom("device")
      .select("id")
      .where("id", "=", device.id)
      .executeTakeFirst()
    // Of an account that was deleted: others' rooms know it under its identity key for ever (SECURITY R1).
    const wasHere = await db
      .selectFrom("room_device")
      .select("user_id")
      .where("user_id", "=", account.id)
      .limit(1)
      .executeTakeFirst()
    if (sameId || sameDevice || wasHere) return err(refuse("id_taken"))
    let admin = 0
    if (invite) {
      const row = await db
        .selectFrom("invite")
        .selectAll()
        .where("token_hash", "=", invite)
        .executeTakeFirst()
      const why = objectionToInvite(row, account.created)
      if (!row || why) return err(refuse(why ?? "invalid_invite"))
      admin = row.admin
      await db
        .updateTable("invite")
        .set({ used: row.used + 1, used_by: account.id })
        .where("token_hash", "=", invite)
        .execute()
    } else if (!(await db.selectFrom("account").select("id").limit(1).executeTakeFirst())) admin = 1
    const refused = bot && (await enrol(db, { hash: bot, user: account.id, now: account.created }))
    if (refused) return err(refused)
    await db
      .insertInto("account")
      .values({ ...account, admin })
      .execute()
    await db.insertInto("name_look").values({ look, name: account.name }).execute()
    await db
      .insertInto("account_key")
      .values({ user_id: account.id, ...key })
      .execute()
    await db
      .insertInto("device")
      .values({
        id: device.id,
        user_id: account.id,
        certificate: device.certificate,
        signature_key: device.signatureKey,
        created: account.created,
      })
      .execute()
    await db.insertInto("session").values(session).execute()
    const logged = keyLog && (await appendKeyLog(db, keyLog))
    if (logged && !logged.ok) return logged
    if (admin) await noteAct(db, { by: null, now: account.created, act: "first", on: { user: account.id } })
    return ok(null)
  },

  /** Of names that have none yet. */
  async "account.looks"(db: WriteDb, { rows }: { rows: readonly Row<"name_look">[] }): Done {
    for (const row of rows) {
      const known = await db
        .selectFrom("name_look")
        .select("look")
        .where("name", "=", row.name)
        .executeTakeFirst()
      if (!known) await db.insertInto("name_look").values(row).execute()
    }
    return ok(null)
  },

  /**
   * For who has proved something against the vault of this version: not opened where another one has taken its place
   * meanwhile, and not where an administrator has closed that way. The account's sessions that are over go at the same time,
   * but for those of devices that were taken away.
   */
  async "session.open"(
    db: WriteDb,
    { session, version }: { session: Row<"session">; version: number },
  ): Done<{ opened: boolean }> {
    const account = await db
      .selectFrom("account")
      .select(["vault_version", "disabled", "must_recover"])
      .where("id", "=", session.user_id)
      .executeTakeFirst()
    if (account?.vault_version !== version) return ok({ opened: false })
    const owner = await ownersState(db, session.user_id)
    if (objectionToEntering(account, session.recovering === 1, owner)) return ok({ opened: false })
    await db
      .deleteFrom("session")
      .where("user_id", "=", session.user_id)
      .where("expires", "<=", session.created)
      .where("expires", ">", REVOKED_EXPIRES)
      .execute()
    await db.insertInto("session").values(session).execute()
    return ok({ opened: true })
  },

  async "session.end"(db: WriteDb, { session }: { session: Uint8Array }): Done {
    await db.deleteFrom("session").where("id", "=", session).execute()
    return ok(null)
  },

  "login.put": putLogin,
  "login.take": takeLogin,
  "account.delete": deleteAccount,
  "account.renew": renewPassword,

  /** The first administrator's link: the newest one holds, and none once there is an account. */
  async "invite.first"(db: WriteDb, args: { hash: Uint8Array; now: number }): Done<{ needed: boolean }> {
    if (await db.selectFrom("account").select("id").limit(1).executeTakeFirst()) return ok({ needed: false })
    await db.deleteFrom("invite").where("admin", "=", 1).execute()
    await db
      .insertInto("invite")
      .values({ token_hash: args.hash, admin: 1, created: args.now, used_by: null })
      .execute()
    return ok({ needed: true })
  },
} as const
