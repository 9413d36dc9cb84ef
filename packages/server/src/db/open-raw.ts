/** Either kind of database, as raw.ts describes it. */
import { join } from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { refusedBy } from "./open.ts"
import type { Raw, Row } from "./raw.ts"

/**
 * `url`: `sqlite` in this folder, or `mysql://…`. The schema is there already. `alone`: refused where a house has it open; of
 * SQLite the folder's own lock says that.
 */
export async function openRaw(url: string, folder: string, alone = false): Promise<Raw> {
  if (url !== "sqlite") {
    const { openMysqlRaw } = await import("./mysql.ts")
    const opened = await openMysqlRaw(url, alone)
    if (!opened.ok) throw refusedBy(opened.error, url)
    return opened.value
  }
  const db = new DatabaseSync(join(folder, "house.db"), { timeout: 5_000 })
  db.exec("PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
  return {
    query: async (sql, values = []) => db.prepare(sql).all(...(values as SQLInputValue[])) as Row[],
    close: async () => db.close(),
  }
}
