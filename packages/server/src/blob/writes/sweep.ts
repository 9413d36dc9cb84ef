/**
 * What the janitor takes away: uploads that rest and blobs that nothing refers to. A reference whose message was never
 * answered for (the house stopped in between) is decided first, by looking whether the message is in the log.
 */
import type { Refusal } from "@teahouse/protocol/error.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { dropReference, isReferred } from "./references.ts"

/** So that messages do not wait behind a long clean-up. */
const AT_ONCE = 100
/** An append is answered within seconds. */
const UNANSWERED_MS = 3_600_000

export type SweepArgs = { readonly before: number; readonly now: number }
export type Swept = { readonly blobs: readonly Id[]; readonly more: boolean }

export async function sweepBlobs(db: WriteDb, { before, now }: SweepArgs): Promise<Result<Swept, Refusal>> {
  const unanswered = await db
    .selectFrom("blob_reference")
    .selectAll()
    .where("seq", "=", 0)
    .where("time", "<", now - UNANSWERED_MS)
    .limit(AT_ONCE)
    .execute()
  for (const one of unanswered) {
    const { blob_id, room_id, device_id, n } = one
    const entry = await db
      .selectFrom("entry")
      .select("seq")
      .where("room_id", "=", room_id)
      .where("device_id", "=", device_id)
      .where("n", "=", n)
      .where("time", ">=", one.time - UNANSWERED_MS)
      .executeTakeFirst()
    if (entry)
      await db
        .updateTable("blob_reference")
        .set({ seq: entry.seq })
        .where("blob_id", "=", blob_id)
        .where("room_id", "=", room_id)
        .where("device_id", "=", device_id)
        .where("n", "=", n)
        .execute()
    else {
      await dropReference(db, blob_id, { room: room_id, device: device_id, n })
      if (!(await isReferred(db, blob_id)))
        await db.updateTable("blob_file").set({ loose: now }).where("id", "=", blob_id).execute()
    }
  }
  const loose = await db
    .selectFrom("blob_file")
    .select("id")
    .where("loose", ">", 0)
    .where("loose", "<", before)
    .limit(AT_ONCE)
    .execute()
  for (const { id } of loose) await db.deleteFrom("blob_file").where("id", "=", id).execute()
  return ok({
    blobs: loose.map(({ id }) => idFrom(id)),
    more: loose.length === AT_ONCE || unanswered.length === AT_ONCE,
  })
}
