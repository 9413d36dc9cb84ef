/** Which messages this profile has printed: a row for each, written after the line was. */
import { DatabaseSync } from "node:sqlite"
import { ownFile } from "../profile/own-file.ts"

export type Printed = {
  has(room: string, position: number): boolean
  add(room: string, position: number): void
  close(): void
}

export function openPrinted(file: string): Printed {
  const database = new DatabaseSync(ownFile(file))
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS printed (room TEXT, position INTEGER, PRIMARY KEY (room, position)) WITHOUT ROWID, STRICT;
  `)
  const has = database.prepare("SELECT 1 FROM printed WHERE room = ? AND position = ?")
  const add = database.prepare("INSERT OR IGNORE INTO printed (room, position) VALUES (?, ?)")
  return {
    has: (room, position) => has.get(room, position) !== undefined,
    add: (room, position) => void add.run(room, position),
    close: () => database.close(),
  }
}
