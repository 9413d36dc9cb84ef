/** Either kind of database, as raw.ts describes it. */
import { join } from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { refusedBy } from "./open.ts"
import type { Raw, Row } from "./raw.ts"

/** Longer than a group of the house's own writer takes on a slow disk. */
const WAIT_MS = 60_000

/**
 * `url`: `sqlite` in this folder, or `mysql://…`. The schema is there already. `alone`: refused where a house has it open; of
 * SQLite the folder's own lock says that. Rejects with `StartRefused` like openDatabase.
 */
export async function openRaw(url: string, folder: string, alone = false): Promise<Raw> {
  if (url !== "sqlite") {
    const { openMysqlRaw } = await import("./mysql.ts")
    const opened = await openMysqlRaw(url, alone)
    if (!opened.ok) throw refusedBy(opened.error, url)
    return opened.value
  }
  return openRawFile(join(folder, "house.db"))
}

export function openRawFile(path: string): Raw {
  const db = new DatabaseSync(path, { timeout: WAIT_MS })
  db.exec("PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
  return rawOver(db)
}

export const rawOver = (db: DatabaseSync): Raw => ({
  query: async (sql, values = []) => db.prepare(sql).all(...(values as SQLInputValue[])) as Row[],
  close: async () => db.close(),
})
