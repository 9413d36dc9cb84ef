/** A house whose rows somebody puts back to what they were: the real one, and its database under it. */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

type Row = Record<string, never>

const opened = <T>(data: string, work: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(join(data, "house.db"), { timeout: 10_000 })
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** Everything of these tables, to be put back as it is now. */
export function takeRows(data: string, tables: readonly string[]) {
  const taken = opened(data, (db) =>
    tables.map((table) => ({ table, rows: db.prepare(`SELECT * FROM ${table}`).all() as Row[] })),
  )
  return {
    /** `only`: these columns of rows that are there, and nothing else. */
    putBack: () =>
      opened(data, (db) => {
        db.exec("BEGIN IMMEDIATE")
        for (const { table } of taken) db.exec(`DELETE FROM ${table}`)
        for (const { table, rows } of taken.toReversed())
          for (const row of rows) {
            const names = Object.keys(row)
            const marks = names.map(() => "?").join()
            db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${marks})`).run(...Object.values(row))
          }
        db.exec("COMMIT")
      }),
  }
}

/** Values of one column, or of a few, of all accounts, as they are now. */
export function takeColumns(data: string, table: string, columns: readonly string[]) {
  const rows = opened(
    data,
    (db) => db.prepare(`SELECT id, ${columns.join()} FROM ${table}`).all() as Record<string, never>[],
  )
  return {
    putBack: () =>
      opened(data, (db) => {
        for (const row of rows) {
          const set = columns.map((name) => `${name} = ?`).join()
          const values = columns.map((name) => row[name] as never)
          db.prepare(`UPDATE ${table} SET ${set} WHERE id = ?`).run(...values, row.id as never)
        }
      }),
  }
}

export const execute = (data: string, sql: string) => opened(data, (db) => db.exec(sql))
