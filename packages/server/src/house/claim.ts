/** Ties a database to a house: opening one house's rooms under another's keys would make every client cry wolf. */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

export async function claimHouse(
  db: WriteDb,
  { house, incarnation }: { readonly house: Id; readonly incarnation: number },
): Promise<Result<object, Refusal>> {
  const row = await db.selectFrom("house").selectAll().executeTakeFirst()
  if (!row) {
    await db
      .insertInto("house")
      .values({ id: idBytes(house), incarnation })
      .execute()
    return ok({})
  }
  if (idFrom(row.id) !== house) return err(refuse("id_taken", { detail: { reason: "another_house" } }))
  if (row.incarnation > incarnation)
    return err(refuse("id_taken", { detail: { reason: "newer_incarnation" } }))
  await db.updateTable("house").set({ incarnation }).where("id", "=", row.id).execute()
  return ok({})
}
