/** What a house keeps: every file of its data folder as it lies there, and every value of its database by itself. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

export function* storedFiles(data: string): Generator<[string, Uint8Array]> {
  for (const item of readdirSync(data, { recursive: true, withFileTypes: true }))
    if (item.isFile())
      yield [`file ${item.name}`, new Uint8Array(readFileSync(join(item.parentPath, item.name)))]
}

/** A long value lies in pieces in the file, so each value is looked at whole as well. */
export function* storedValues(path: string): Generator<[string, Uint8Array]> {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table'").all()
    for (const { name } of tables)
      for (const row of db.prepare(`select * from "${name}"`).iterate())
        for (const [column, value] of Object.entries(row)) {
          if (typeof value === "string") yield [`${name}.${column}`, new TextEncoder().encode(value)]
          else if (value instanceof Uint8Array) yield [`${name}.${column}`, value]
        }
  } finally {
    db.close()
  }
}
