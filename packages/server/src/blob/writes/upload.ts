/** An upload's row: the quota is taken when it is created, and given back with the row. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"

export type CreateArgs = {
  readonly blob: Id
  readonly user: Id
  readonly tokenHash: Uint8Array
  readonly size: number
  /** For whom nothing else was said. */
  readonly userBytes: number
  readonly openUploads: number
  readonly now: number
}

/** The same upload again is answered as the first time; another one's id is taken. */
export async function createUpload(
  db: WriteDb,
  { blob, user, tokenHash, size, userBytes, openUploads, now }: CreateArgs,
): Promise<Result<{ readonly stored: number }, Refusal>> {
  const id = idBytes(blob)
  const owner = idBytes(user)
  const known = await db.selectFrom("blob_file").selectAll().where("id", "=", id).executeTakeFirst()
  if (known) {
    const same =
      sameBytes(known.user_id, owner) && sameBytes(known.token_hash, tokenHash) && known.size === size
    return same ? ok({ stored: known.stored }) : err(refuse("id_taken"))
  }
  const taken = await db
    .selectFrom("blob_file")
    .select((e) => [
      e.fn.sum<number>("size").as("bytes"),
      e.fn.sum<number>(e.case().when("stored", "<", e.ref("size")).then(1).else(0).end()).as("open"),
    ])
    .where("user_id", "=", owner)
    .executeTakeFirst()
  const account = await db
    .selectFrom("account")
    .select("file_quota")
    .where("id", "=", owner)
    .executeTakeFirst()
  if (Number(taken?.bytes ?? 0) + size > (account?.file_quota ?? userBytes))
    return err(refuse("quota_exceeded"))
  if (Number(taken?.open ?? 0) >= openUploads) return err(refuse("too_many_uploads"))
  const row = { id, user_id: owner, token_hash: tokenHash, size, stored: 0, created: now, loose: now }
  await db.insertInto("blob_file").values(row).execute()
  return ok({ stored: 0 })
}

export type AdvanceArgs = {
  readonly blob: Id
  readonly from: number
  readonly to: number
  readonly now: number
}

/** These bytes are on stable storage. Somebody else may have gone on meanwhile, or the upload may be gone. */
export async function advanceUpload(
  db: WriteDb,
  { blob, from, to, now }: AdvanceArgs,
): Promise<Result<null, Refusal>> {
  const done = await db
    .updateTable("blob_file")
    .set({ stored: to, loose: now })
    .where("id", "=", idBytes(blob))
    .where("stored", "=", from)
    .where("size", ">=", to)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1 ? ok(null) : err(refuse("wrong_offset"))
}

/** By who began it, while no entry refers to it. */
export async function dropUpload(
  db: WriteDb,
  { blob, user }: { readonly blob: Id; readonly user: Id },
): Promise<Result<null, Refusal>> {
  const done = await db
    .deleteFrom("blob_file")
    .where("id", "=", idBytes(blob))
    .where("user_id", "=", idBytes(user))
    .where("loose", ">", 0)
    .executeTakeFirst()
  return Number(done.numDeletedRows) === 1 ? ok(null) : err(refuse("unknown_blob"))
}
