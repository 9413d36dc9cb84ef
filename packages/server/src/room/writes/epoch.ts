/** GroupInfo and welcomes: kept for the current epoch, and for every epoch that an unread welcome leads to. */
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { type Ok, ok } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import type { Written } from "./place.ts"

export type NextEpoch = {
  readonly epoch: number
  readonly groupInfo: Uint8Array
  readonly welcome: Uint8Array | null
  /** A waiting welcome for each added device; ids are the house's. */
  readonly added: readonly { readonly id: Id; readonly device: Id }[]
}

export async function storeEpoch(
  db: WriteDb,
  room: Uint8Array,
  from: Id,
  next: NextEpoch,
  { generation, incarnation, seq, hash, time }: Written,
): Promise<void> {
  const { epoch, groupInfo, welcome, added } = next
  const place = { room_id: room, generation, epoch }
  await db
    .insertInto("room_epoch")
    .values({ ...place, seq, hash, incarnation, group_info: groupInfo, welcome })
    .execute()
  for (const { id, device } of added) {
    const ids = { id: idBytes(id), device_id: idBytes(device), from_device: idBytes(from) }
    await db
      .insertInto("welcome")
      .values({ ...ids, ...place, time })
      .execute()
  }
  await dropUnneeded(db, room)
}

async function dropUnneeded(db: WriteDb, room: Uint8Array): Promise<void> {
  const rows = await db
    .selectFrom("room_epoch")
    .select(["generation", "epoch"])
    .where("room_id", "=", room)
    .orderBy("generation", "desc")
    .orderBy("epoch", "desc")
    .execute()
  for (const { generation, epoch } of rows.slice(1)) {
    const needed = await db
      .selectFrom("welcome")
      .select("id")
      .where("room_id", "=", room)
      .where("generation", "=", generation)
      .where("epoch", "=", epoch)
      .executeTakeFirst()
    if (needed) continue
    await db
      .deleteFrom("room_epoch")
      .where("room_id", "=", room)
      .where("generation", "=", generation)
      .where("epoch", "=", epoch)
      .execute()
  }
}

/** Those of other devices, and unknown ones, are passed over: acknowledging twice is harmless. */
export async function ackWelcomes(
  db: WriteDb,
  args: { readonly device: Id; readonly ids: readonly Id[] },
): Promise<Ok<Record<string, never>>> {
  const rooms = new Map<string, Uint8Array>()
  for (const id of args.ids) {
    const row = await db
      .selectFrom("welcome")
      .select("room_id")
      .where("id", "=", idBytes(id))
      .where("device_id", "=", idBytes(args.device))
      .executeTakeFirst()
    if (!row) continue
    await db.deleteFrom("welcome").where("id", "=", idBytes(id)).execute()
    rooms.set(Buffer.from(row.room_id).toString("hex"), row.room_id)
  }
  for (const room of rooms.values()) await dropUnneeded(db, room)
  return ok({})
}
