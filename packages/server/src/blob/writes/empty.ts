/**
 * Empties messages of one's own: what was recalled or has expired is gone from the house too. The chain goes on over the hash
 * of the body, which is kept; blobs that nothing else refers to go with it.
 */
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { dropReference, isReferred } from "./references.ts"

export type EmptyArgs = {
  readonly room: Id
  readonly user: Id
  readonly seqs: readonly number[]
  /** Older ones are refused (ms UTC); 0 takes any. */
  readonly since: number
}
export type Emptied = { readonly blobs: readonly Id[] }

export async function emptyEntries(
  db: WriteDb,
  { room, user, seqs, since }: EmptyArgs,
): Promise<Result<Emptied, Refusal>> {
  const gone: Id[] = []
  const room_id = idBytes(room)
  for (const seq of new Set(seqs)) {
    const row = await db
      .selectFrom("entry")
      .innerJoin("room_device", (join) =>
        join
          .onRef("room_device.room_id", "=", "entry.room_id")
          .onRef("room_device.device_id", "=", "entry.device_id"),
      )
      .select(["entry.device_id", "entry.n", "entry.time", "entry.body"])
      .where("entry.room_id", "=", room_id)
      .where("entry.seq", "=", seq)
      .where("entry.kind", "=", entryKinds.message)
      .where("room_device.user_id", "=", idBytes(user))
      .executeTakeFirst()
    if (!row) return err(refuse("unknown_record"))
    if (row.time < since) {
      if (row.body === null) continue
      return err(refuse("too_late_to_recall"))
    }
    // A retention may have taken the bytes already: then the files are still there.
    if (row.body !== null)
      await db
        .updateTable("entry")
        .set({ body: null, body_hash: sha256(row.body) })
        .where("room_id", "=", room_id)
        .where("seq", "=", seq)
        .execute()
    const of = { room: room_id, device: row.device_id, n: row.n }
    const held = await db
      .selectFrom("blob_reference")
      .select("blob_id")
      .where("room_id", "=", room_id)
      .where("device_id", "=", of.device)
      .where("n", "=", of.n)
      .execute()
    for (const { blob_id } of held) {
      await dropReference(db, blob_id, of)
      if (await isReferred(db, blob_id)) continue
      await db.deleteFrom("blob_file").where("id", "=", blob_id).execute()
      gone.push(idFrom(blob_id))
    }
  }
  return ok({ blobs: gone })
}
