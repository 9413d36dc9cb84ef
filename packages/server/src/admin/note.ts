/** The audit log's one way in: a row for each act, in the transaction of the act. */
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import type { AdminAct } from "@teahouse/protocol/http/admin.ts"
import type { WriteDb } from "../db/schema.ts"

/** Figures of an act, and nothing that a person has written. */
export type ActDetail = { readonly uses?: number; readonly expires?: number; readonly bytes?: number | null }

export type Act = {
  /** The administrator; null: the command line of the house's own machine. */
  readonly by: Uint8Array | null
  readonly now: number
  readonly act: AdminAct
  /** 16 bytes: a user's id, or an invitation's. */
  readonly target: Uint8Array
  readonly detail?: ActDetail
}

export async function noteAct(db: WriteDb, { by, now, act, target, detail = {} }: Act): Promise<void> {
  const last = await db
    .selectFrom("admin_act")
    .select((of) => of.fn.max("seq").as("seq"))
    .executeTakeFirst()
  const seq = Number(last?.seq ?? 0) + 1
  await db
    .insertInto("admin_act")
    .values({ seq, time: now, by_user: by, act: utf8(act), target, detail: utf8(JSON.stringify(detail)) })
    .execute()
}

export const detailOf = (bytes: Uint8Array): ActDetail => JSON.parse(fromUtf8(bytes)) as ActDetail
