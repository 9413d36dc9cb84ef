/**
 * Ties a database to a house: opening one house's rooms under another's keys would make every client cry wolf. Where there are
 * several nodes, it ties them to one push key too: what a browser has subscribed to under one key no other can wake.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"

export type Claim = {
  readonly house: Id
  readonly incarnation: number
  readonly pushKey: Uint8Array
  /** There are other nodes: the push key is theirs too. */
  readonly several: boolean
}

export async function claimHouse(
  db: WriteDb,
  { house, incarnation, pushKey, several }: Claim,
): Promise<Result<object, Refusal>> {
  const row = await db.selectFrom("house").selectAll().executeTakeFirst()
  if (!row) {
    await db
      .insertInto("house")
      .values({ id: idBytes(house), incarnation, push_key: pushKey })
      .execute()
    return ok({})
  }
  if (idFrom(row.id) !== house) return err(refuse("id_taken", { detail: { reason: "another_house" } }))
  if (row.incarnation > incarnation)
    return err(refuse("id_taken", { detail: { reason: "newer_incarnation" } }))
  if (several && row.push_key && !sameBytes(row.push_key, pushKey))
    return err(refuse("id_taken", { detail: { reason: "another_push_key" } }))
  await db.updateTable("house").set({ incarnation, push_key: pushKey }).where("id", "=", row.id).execute()
  return ok({})
}
