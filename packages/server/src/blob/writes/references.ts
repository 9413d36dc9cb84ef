/**
 * What refers to a blob: messages, named by room, device and number. A reference is held before its message is appended, so
 * that no acknowledged message ever speaks of a blob that may go; it is settled with the message's place afterwards, and let
 * go where the message was refused.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"

export type HoldArgs = {
  readonly room: Id
  readonly device: Id
  readonly items: readonly {
    readonly n: number
    readonly blobs: readonly { readonly blob: Id; readonly tokenHash: Uint8Array }[]
  }[]
  readonly now: number
}

/** Whoever knows the read token may refer to a blob, its uploader as well as who forwards it. */
export async function holdReferences(
  db: WriteDb,
  { room, device, items, now }: HoldArgs,
): Promise<Result<null, Refusal>> {
  const message = { room_id: idBytes(room), device_id: idBytes(device) }
  for (const { n, blobs } of items)
    for (const { blob, tokenHash } of blobs) {
      const id = idBytes(blob)
      const row = await db.selectFrom("blob_file").selectAll().where("id", "=", id).executeTakeFirst()
      if (!row || row.stored !== row.size || !sameBytes(row.token_hash, tokenHash))
        return err(refuse("unknown_blob"))
      const held = await db
        .selectFrom("blob_reference")
        .select("seq")
        .where("blob_id", "=", id)
        .where("room_id", "=", message.room_id)
        .where("device_id", "=", message.device_id)
        .where("n", "=", n)
        .executeTakeFirst()
      if (held) continue
      await db
        .insertInto("blob_reference")
        .values({ blob_id: id, ...message, n, seq: 0, time: now })
        .execute()
      if (row.loose > 0) await db.updateTable("blob_file").set({ loose: 0 }).where("id", "=", id).execute()
    }
  return ok(null)
}

export type SettleArgs = {
  readonly room: Id
  readonly device: Id
  readonly items: readonly { readonly n: number; readonly seq: number }[]
}

export async function settleReferences(
  db: WriteDb,
  { room, device, items }: SettleArgs,
): Promise<Result<null, Refusal>> {
  for (const { n, seq } of items)
    await db
      .updateTable("blob_reference")
      .set({ seq })
      .where("room_id", "=", idBytes(room))
      .where("device_id", "=", idBytes(device))
      .where("n", "=", n)
      .execute()
  return ok(null)
}

export type LetGoArgs = {
  readonly room: Id
  readonly device: Id
  readonly numbers: readonly number[]
  readonly now: number
}

/** Only what is not settled: a number that was used before is a message that is there. */
export async function letReferencesGo(
  db: WriteDb,
  { room, device, numbers, now }: LetGoArgs,
): Promise<Result<null, Refusal>> {
  for (const n of numbers) {
    const of = { room: idBytes(room), device: idBytes(device), n }
    const rows = await db
      .selectFrom("blob_reference")
      .select("blob_id")
      .where("room_id", "=", of.room)
      .where("device_id", "=", of.device)
      .where("n", "=", n)
      .where("seq", "=", 0)
      .execute()
    for (const { blob_id } of rows) {
      await dropReference(db, blob_id, of)
      if (!(await isReferred(db, blob_id)))
        await db.updateTable("blob_file").set({ loose: now }).where("id", "=", blob_id).execute()
    }
  }
  return ok(null)
}

export async function dropReference(
  db: WriteDb,
  blob: Uint8Array,
  of: { readonly room: Uint8Array; readonly device: Uint8Array; readonly n: number },
): Promise<void> {
  await db
    .deleteFrom("blob_reference")
    .where("blob_id", "=", blob)
    .where("room_id", "=", of.room)
    .where("device_id", "=", of.device)
    .where("n", "=", of.n)
    .execute()
}

export async function isReferred(db: WriteDb, blob: Uint8Array): Promise<boolean> {
  const row = await db
    .selectFrom("blob_reference")
    .select("n")
    .where("blob_id", "=", blob)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
