/** Reading the log back: entries in order, bounded in number and bytes before a body is touched. */
import type { Entry, EntryKind } from "@teahouse/protocol/entry.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { sql } from "kysely"
import type { Database } from "../db/port.ts"

/** An entry with the incarnation it was written in; a frame says that once for all of its entries. */
export type StoredEntry = Entry & { readonly incarnation: number }
export type ReadBounds = { readonly logRangeEntries: number; readonly logRangeBytes: number }

/** Entries after `after` up to `to`: at least one if there is any, then as many as the bounds allow. */
export async function readEntries(
  db: Database,
  room: Id,
  after: number,
  to: number,
  bounds: ReadBounds,
): Promise<StoredEntry[]> {
  if (to <= after) return []
  const range = db.read
    .selectFrom("entry")
    .where("room_id", "=", idBytes(room))
    .where("seq", ">", after)
    .where("seq", "<=", to)
    .orderBy("seq")
  const sizes = await range
    .select(["seq", sql<number>`COALESCE(LENGTH(body), 0)`.as("size")])
    .limit(bounds.logRangeEntries)
    .execute()
  let bytes = 0
  let last = sizes[0]?.seq
  for (const { seq, size } of sizes) {
    bytes += size
    if (bytes > bounds.logRangeBytes && seq !== sizes[0]?.seq) break
    last = seq
  }
  if (last === undefined) return []
  const rows = await range.selectAll().where("seq", "<=", last).execute()
  return rows.map((row) => ({
    seq: row.seq,
    incarnation: row.incarnation,
    generation: row.generation,
    kind: row.kind as EntryKind,
    device: idFrom(row.device_id),
    n: row.n,
    time: row.time,
    body: row.body,
    ...(row.body === null && row.body_hash ? { bodyHash: row.body_hash } : {}),
    hash: row.hash,
  }))
}

/** Consecutive entries of one incarnation each. */
export function byIncarnation(entries: readonly StoredEntry[]): StoredEntry[][] {
  const runs: StoredEntry[][] = []
  for (const entry of entries) {
    const run = runs[runs.length - 1]
    if (run && run[0]?.incarnation === entry.incarnation) run.push(entry)
    else runs.push([entry])
  }
  return runs
}

/** Devices whose last entry lies in (after, to]. */
export async function goneBetween(
  db: Database,
  room: Id,
  after: number,
  to: number,
): Promise<{ readonly device: Id; readonly until: number }[]> {
  const rows = await db.read
    .selectFrom("room_device")
    .select(["device_id", "until"])
    .where("room_id", "=", idBytes(room))
    .where("until", ">", after)
    .where("until", "<=", to)
    .orderBy("until")
    .execute()
  return rows.map((row) => ({ device: idFrom(row.device_id), until: row.until }))
}
