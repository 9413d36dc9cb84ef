/** The audit log's one way in: a row for each act, in the transaction of the act. */
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import type { AdminAct } from "@teahouse/protocol/http/admin.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { WriteDb } from "../db/schema.ts"

/** Figures of an act, and nothing that a person has written. */
export type ActDetail = { readonly uses?: number; readonly expires?: number; readonly bytes?: number | null }

export type Act = {
  /** The administrator; null: the command line of the house's own machine. */
  readonly by: Uint8Array | null
  readonly now: number
  readonly act: AdminAct
  /** On whom, or on which invitation. */
  readonly on: { readonly user: Uint8Array } | { readonly invite: Id }
  readonly detail?: ActDetail
}

export async function noteAct(db: WriteDb, { by, now, act, on, detail = {} }: Act): Promise<void> {
  const last = await db
    .selectFrom("admin_act")
    .select((of) => of.fn.max("seq").as("seq"))
    .executeTakeFirst()
  const seq = Number(last?.seq ?? 0) + 1
  const target = "invite" in on ? utf8(on.invite) : ((await nameOf(db, on.user)) ?? nobody)
  await db
    .insertInto("admin_act")
    .values({
      seq,
      time: now,
      by_name: by && ((await nameOf(db, by)) ?? nobody),
      act: utf8(act),
      target,
      detail: utf8(JSON.stringify(detail)),
    })
    .execute()
}

/** Somebody who was deleted in the very moment before. */
const nobody = utf8("?")
const nameOf = async (db: WriteDb, user: Uint8Array): Promise<Uint8Array | undefined> =>
  (await db.selectFrom("account").select("name").where("id", "=", user).executeTakeFirst())?.name

export const detailOf = (bytes: Uint8Array): ActDetail => JSON.parse(fromUtf8(bytes)) as ActDetail
