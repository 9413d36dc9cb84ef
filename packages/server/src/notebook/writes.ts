/**
 * The notebook: small sealed records, each with a version for compare-and-set, and a position that rises with every
 * change of the account's, so that a device reads on from where it was.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

export type NotebookChange = {
  readonly user: Uint8Array
  readonly id: Uint8Array
  readonly version: number
  readonly generation: number
  readonly sealed: Uint8Array
  /** The version that is known to be there, lower than others that were. */
  readonly over?: number | undefined
  readonly maxRecords: number
}

/** Whether this is the next version of what is stored; 0: nothing is. */
export const isNext = (
  stored: number,
  { version, over }: { readonly version: number; readonly over?: number | undefined },
): boolean => (over === undefined ? version === stored + 1 : stored === over && version > over)

export const notebookWrites = {
  /** The same change again is answered as it was the first time. */
  async "notebook.write"(
    db: WriteDb,
    { user, id, version, generation, sealed, over, maxRecords }: NotebookChange,
  ): Promise<Result<{ position: number; changed: boolean }, Refusal>> {
    const record = await db
      .selectFrom("notebook")
      .selectAll()
      .where("user_id", "=", user)
      .where("id", "=", id)
      .executeTakeFirst()
    if (record?.version === version && sameBytes(record.sealed, sealed))
      return ok({ position: record.position, changed: false })
    if (!isNext(record?.version ?? 0, { version, over })) return err(refuse("version_conflict"))
    if (!record) {
      const row = await db
        .selectFrom("notebook")
        .select((e) => e.fn.countAll<number>().as("count"))
        .where("user_id", "=", user)
        .executeTakeFirst()
      if (Number(row?.count ?? 0) >= maxRecords) return err(refuse("too_large"))
    }
    const account = await db
      .selectFrom("account")
      .select("notebook_cursor")
      .where("id", "=", user)
      .executeTakeFirst()
    if (!account) return err(refuse("unknown_user"))
    const position = account.notebook_cursor + 1
    await db.updateTable("account").set({ notebook_cursor: position }).where("id", "=", user).execute()
    const change = { version, generation, sealed, position }
    if (record)
      await db.updateTable("notebook").set(change).where("user_id", "=", user).where("id", "=", id).execute()
    else
      await db
        .insertInto("notebook")
        .values({ user_id: user, id, ...change })
        .execute()
    return ok({ position, changed: true })
  },
} as const
