/** Keeps the newest attestation of each device (SECURITY: a joiner need not take the house's word). */
import type { Attestation } from "@teahouse/protocol/attestation.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { roomRow } from "./place.ts"

export type AttestArgs = { readonly room: Id; readonly attestation: Attestation; readonly now: number }

/** Its signature and its context have been compared before; here only whether it is still about the current epoch. */
export async function attest(
  db: WriteDb,
  { room, attestation: a, now }: AttestArgs,
): Promise<Result<object, Refusal>> {
  const row = await roomRow(db, room)
  if (!row) return err(refuse("unknown_room"))
  if (row.generation !== a.generation || row.epoch !== a.epoch) return err(refuse("stale_epoch"))
  const key = { room_id: idBytes(room), device_id: idBytes(a.device) }
  await db
    .deleteFrom("attestation")
    .where("room_id", "=", key.room_id)
    .where("device_id", "=", key.device_id)
    .execute()
  const { generation, epoch, context, externalPub: external_pub, signature } = a
  const said = { generation, epoch, context, confirmation_tag: a.confirmationTag, external_pub, signature }
  await db
    .insertInto("attestation")
    .values({ ...key, ...said, time: now })
    .execute()
  return ok({})
}
