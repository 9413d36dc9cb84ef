/** Which messages this profile has printed: a row for each, written after the line was. */
import { openWhole } from "../profile/whole.ts"

export type Printed = {
  has(room: string, position: number): boolean
  add(room: string, position: number): void
  close(): void
}

/** `setAside`: takes a damaged file away. */
export function openPrinted(file: string, setAside: (file: string) => void): Printed {
  const database = openWhole(
    file,
    `
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS printed (room TEXT, position INTEGER, PRIMARY KEY (room, position)) WITHOUT ROWID, STRICT;
    SELECT room, position FROM printed LIMIT 0`,
    setAside,
  )
  const has = database.prepare("SELECT 1 FROM printed WHERE room = ? AND position = ?")
  const add = database.prepare("INSERT OR IGNORE INTO printed (room, position) VALUES (?, ?)")
  return {
    has: (room, position) => has.get(room, position) !== undefined,
    add: (room, position) => void add.run(room, position),
    close: () => database.close(),
  }
}
