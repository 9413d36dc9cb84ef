/** SQLite by itself with the log's own tables, indexes and settings: what the log is held against. */
import { DatabaseSync } from "node:sqlite"
import { migrations } from "@teahouse/server/db/migrations/migrations.ts"

/** Room, seq, device, n, time (ms since 1970), body, hash. */
export type PlainRow = readonly [Uint8Array, number, Uint8Array, number, number, Uint8Array, Uint8Array]

export function openPlainLog(file: string) {
  const db = new DatabaseSync(file)
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000",
  )
  for (const { statements } of migrations) for (const statement of statements) db.exec(statement)
  const insert = db.prepare(
    `INSERT INTO entry (room_id, seq, incarnation, generation, kind, device_id, n, time, body, body_hash, hash)
     VALUES (?, ?, 1, 0, 0, ?, ?, ?, ?, NULL, ?)`,
  )
  return {
    /** All of them in one COMMIT. */
    write(rows: readonly PlainRow[]) {
      db.exec("BEGIN IMMEDIATE")
      for (const row of rows) insert.run(...row)
      db.exec("COMMIT")
    },
    close: () => db.close(),
  }
}
