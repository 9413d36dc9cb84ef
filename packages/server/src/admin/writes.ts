/**
 * What administrators do, each act with its row of the audit log in one transaction: neither is there without the other. The
 * command line and the HTTP routes both come here (acts.ts).
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"
import { inviteId } from "./invite-id.ts"
import { noteAct } from "./note.ts"

type Done<T = null> = Promise<Result<T, Refusal>>

/** `by`: null for the command line, which alone may touch administrators. */
export type ActOn = {
  readonly by: Uint8Array | null
  readonly user: Uint8Array
  readonly now: number
}
export type Ended = { readonly ended: readonly Uint8Array[] }

/** Invitations that are over stay so long after they were made, for who wonders what has become of them (ms). */
export const OVER_MS = 30 * 86_400_000

async function accountFor(db: WriteDb, { by, user }: Pick<ActOn, "by" | "user">) {
  const account = await db
    .selectFrom("account")
    .select(["admin", "disabled", "must_recover"])
    .where("id", "=", user)
    .executeTakeFirst()
  if (!account) return err(refuse("unknown_user"))
  return account.admin === 1 && by !== null ? err(refuse("protected_account")) : ok(account)
}

async function endSessions(db: WriteDb, user: Uint8Array): Promise<Ended> {
  const sessions = await db.selectFrom("session").select("id").where("user_id", "=", user).execute()
  await db.deleteFrom("session").where("user_id", "=", user).execute()
  return { ended: sessions.map(({ id }) => id) }
}

export const adminWrites = {
  /**
   * Its devices are woken no more either: there is nothing that they could fetch. Its bots are out with it, for as long as it is
   * (account/entering.ts).
   */
  async "admin.disable"(db: WriteDb, { by, user, now }: ActOn): Done<Ended> {
    const found = await accountFor(db, { by, user })
    if (!found.ok) return found
    if (found.value.disabled > 0) return ok({ ended: [] })
    await db.updateTable("account").set({ disabled: now }).where("id", "=", user).execute()
    await db.deleteFrom("push_subscription").where("user_id", "=", user).execute()
    await noteAct(db, { by, now, act: "disable", on: { user } })
    const bots = await db.selectFrom("bot").select("user_id").where("owner_id", "=", user).execute()
    const ended = [...(await endSessions(db, user)).ended]
    for (const { user_id } of bots) ended.push(...(await endSessions(db, user_id)).ended)
    return ok({ ended })
  },

  async "admin.enable"(db: WriteDb, { by, user, now }: ActOn): Done {
    const found = await accountFor(db, { by, user })
    if (!found.ok) return found
    if (found.value.disabled === 0) return ok(null)
    await db.updateTable("account").set({ disabled: 0 }).where("id", "=", user).execute()
    await noteAct(db, { by, now, act: "enable", on: { user } })
    return ok(null)
  },

  async "admin.reset"(db: WriteDb, { by, user, now }: ActOn): Done<Ended> {
    const found = await accountFor(db, { by, user })
    if (!found.ok) return found
    await db.updateTable("account").set({ must_recover: 1 }).where("id", "=", user).execute()
    await noteAct(db, { by, now, act: "reset", on: { user } })
    return ok(await endSessions(db, user))
  },

  async "admin.quota"(
    db: WriteDb,
    { by, user, now, bytes }: ActOn & { readonly bytes: number | null },
  ): Done {
    const found = await accountFor(db, { by: null, user })
    if (!found.ok) return found
    await db.updateTable("account").set({ file_quota: bytes }).where("id", "=", user).execute()
    await noteAct(db, { by, now, act: "quota", on: { user }, detail: { bytes } })
    return ok(null)
  },

  /** Only the command line asks for it. */
  async "admin.appoint"(
    db: WriteDb,
    { user, now, admin }: Omit<ActOn, "by"> & { readonly admin: boolean },
  ): Done {
    const found = await accountFor(db, { by: null, user })
    if (!found.ok) return found
    if ((found.value.admin === 1) === admin) return ok(null)
    await db
      .updateTable("account")
      .set({ admin: admin ? 1 : 0 })
      .where("id", "=", user)
      .execute()
    await noteAct(db, { by: null, now, act: admin ? "grant" : "revoke", on: { user } })
    return ok(null)
  },

  async "admin.invite"(
    db: WriteDb,
    args: {
      readonly by: Uint8Array | null
      readonly hash: Uint8Array
      readonly uses: number
      readonly expires: number
      readonly now: number
    },
  ): Done {
    const { by, hash, uses, expires, now } = args
    await db
      .deleteFrom("invite")
      .where("admin", "=", 0)
      .where("created", "<=", now - OVER_MS)
      .where((is) =>
        is.or([
          is("used", ">=", is.ref("uses")),
          is("revoked", ">", 0),
          is.and([is("expires", ">", 0), is("expires", "<=", now)]),
        ]),
      )
      .execute()
    await db
      .insertInto("invite")
      .values({ token_hash: hash, admin: 0, created: now, used_by: null, uses, expires })
      .execute()
    await noteAct(db, { by, now, act: "invite", on: { invite: inviteId(hash) }, detail: { uses, expires } })
    return ok(null)
  },

  /** `hash`: of its token. */
  async "admin.revokeInvite"(
    db: WriteDb,
    { by, hash, now }: { readonly by: Uint8Array | null; readonly hash: Uint8Array; readonly now: number },
  ): Done {
    const done = await db
      .updateTable("invite")
      .set({ revoked: now })
      .where("token_hash", "=", hash)
      .where("revoked", "=", 0)
      .executeTakeFirst()
    if (Number(done.numUpdatedRows) === 0) return err(refuse("unknown_record"))
    await noteAct(db, { by, now, act: "revoke_invite", on: { invite: inviteId(hash) } })
    return ok(null)
  },
} as const
