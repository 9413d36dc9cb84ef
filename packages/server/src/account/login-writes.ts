/** The rows of logins between their two requests (logins.ts). */
import type { Refusal } from "@teahouse/protocol/error.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

/** About 10 MB. Above it the oldest go; the address limits make that expensive to provoke. */
const MAX = 20_000

type Put = {
  readonly id: Uint8Array
  readonly sealed: Uint8Array
  readonly now: number
  readonly expires: number
  readonly most?: number
}

export async function putLogin(
  db: WriteDb,
  { id, sealed, now, expires, most = MAX }: Put,
): Promise<Result<null, Refusal>> {
  await db.deleteFrom("pending_login").where("expires", "<=", now).execute()
  const row = await db
    .selectFrom("pending_login")
    .select((of) => of.fn.countAll<number>().as("count"))
    .executeTakeFirst()
  const many = Number(row?.count ?? 0) + 1 - most
  const oldest =
    many > 0 ? await db.selectFrom("pending_login").select("id").orderBy("expires").limit(many).execute() : []
  for (const one of oldest) await db.deleteFrom("pending_login").where("id", "=", one.id).execute()
  await db.insertInto("pending_login").values({ id, sealed, expires }).execute()
  return ok(null)
}

export async function takeLogin(
  db: WriteDb,
  { id, now }: { readonly id: Uint8Array; readonly now: number },
): Promise<Result<{ readonly sealed: Uint8Array | null }, Refusal>> {
  const row = await db
    .selectFrom("pending_login")
    .select(["sealed", "expires"])
    .where("id", "=", id)
    .executeTakeFirst()
  if (row) await db.deleteFrom("pending_login").where("id", "=", id).execute()
  return ok({ sealed: row && row.expires > now ? row.sealed : null })
}
