/**
 * The roster is a fold: after each commit it is made equal to the leaves that the judge found (docs/contract.md 2).
 * A device that leaves keeps its row, because its numbers must never be used again, and may read up to the commit that
 * removed it, so that it learns why it hears nothing any more.
 */
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { WriteDb } from "../../db/schema.ts"
import { membership } from "../log.ts"
import type { DeviceRow } from "./place.ts"

export type RosterLeaf = {
  readonly device: Id
  readonly user: Id
  readonly leaf: number
  readonly signatureKey: Uint8Array
}

/** Makes the room's rows equal to `leaves` at entry `seq`: how many still wait to be removed, and who went with this one. */
export async function foldRoster(
  db: WriteDb,
  room: Uint8Array,
  leaves: readonly RosterLeaf[],
  seq: number,
): Promise<{ readonly leaving: number; readonly gone: readonly Id[] }> {
  const rows = await db.selectFrom("room_device").selectAll().where("room_id", "=", room).execute()
  const known = new Map(rows.map((row) => [idFrom(row.device_id), row]))
  const since = firstOfEachUser(rows)
  const staying = new Set(leaves.map((l) => l.device))
  let leaving = 0
  const gone: Id[] = []

  for (const [device, row] of known) {
    if (row.member === membership.gone || staying.has(device)) continue
    const until = row.member === membership.leaving ? row.until : seq
    if (row.member === membership.member) gone.push(device)
    await update(db, row, { member: membership.gone, until })
  }
  for (const { device, user, leaf, signatureKey } of leaves) {
    const row = known.get(device)
    const from = since.get(user) ?? seq
    if (!row) {
      const place = { room_id: room, device_id: idBytes(device), user_id: idBytes(user), leaf }
      const fresh = { member: membership.member, signature_key: signatureKey, since: from, until: 0 }
      await db
        .insertInto("room_device")
        .values({ ...place, ...fresh, n: 0, seq: 0, from_seq: 0 })
        .execute()
    } else if (row.member === membership.gone) {
      const back = { member: membership.member, leaf, signature_key: signatureKey, since: from, until: 0 }
      await update(db, row, back)
    } else {
      if (row.member === membership.leaving) leaving++
      if (row.leaf !== leaf) await update(db, row, { leaf })
    }
  }
  return { leaving, gone }
}

/** From where each user who is in the room may read: a new device of somebody who was there reads what the user may. */
function firstOfEachUser(rows: readonly DeviceRow[]): Map<Id, number> {
  const since = new Map<Id, number>()
  for (const row of rows) {
    if (row.member !== membership.member) continue
    const user = idFrom(row.user_id)
    since.set(user, Math.min(row.since, since.get(user) ?? row.since))
  }
  return since
}

type Change = Partial<Pick<DeviceRow, "member" | "leaf" | "signature_key" | "since" | "until">>

async function update(db: WriteDb, row: DeviceRow, change: Change): Promise<void> {
  await db
    .updateTable("room_device")
    .set(change)
    .where("room_id", "=", row.room_id)
    .where("device_id", "=", row.device_id)
    .execute()
}
