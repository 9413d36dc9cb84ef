/**
 * All rows as of one moment, in a SQLite file, while the house goes on writing. SQLite: `VACUUM INTO`, which reads one committed
 * state and leaves behind what was deleted. (Its backup interface copies page by page and begins anew whenever another
 * program writes, so under load it would never end.) MySQL: a transaction that sees one moment, copied row by row and compared.
 */
import { closeSync, openSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type CopyProgress, copyRows, settle } from "../db/copy.ts"
import { migrate } from "../db/migrate.ts"
import { migrations } from "../db/migrations/migrations.ts"
import { sqliteTarget } from "../db/node-sqlite.ts"
import { openRaw, rawOver } from "../db/open-raw.ts"
import { syncPath } from "./format.ts"

export async function snapshot(
  url: string,
  folder: string,
  to: string,
  onProgress: CopyProgress,
): Promise<void> {
  // Nobody else reads it, from the first byte on.
  closeSync(openSync(to, "wx", 0o600))
  if (url === "sqlite") await ofSqlite(join(folder, "house.db"), to)
  else await ofMysql(url, folder, to, onProgress)
  await syncPath(to)
}

async function ofSqlite(from: string, to: string): Promise<void> {
  const db = new DatabaseSync(from, { readOnly: true, timeout: 60_000 })
  try {
    db.prepare("VACUUM INTO ?").run(to)
  } finally {
    db.close()
  }
  const copy = new DatabaseSync(to)
  try {
    copy.exec("PRAGMA journal_mode = DELETE")
    await settle(rawOver(copy))
  } finally {
    copy.close()
  }
}

async function ofMysql(url: string, folder: string, to: string, onProgress: CopyProgress): Promise<void> {
  const copy = new DatabaseSync(to)
  const from = await openRaw(url, folder)
  try {
    // What is cut short here is thrown away: only the whole file has to be on stable storage.
    copy.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
    await migrate(sqliteTarget(copy), migrations, Date.now())
    await from.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    await from.query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    const copied = await copyRows(from, rawOver(copy), onProgress)
    if (!copied.ok) throw new Error(`the copy of ${copied.error.table} is not what the database says`)
    await from.query("COMMIT")
  } finally {
    await from.close()
    copy.close()
  }
}
