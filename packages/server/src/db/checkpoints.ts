/**
 * The log's file (the WAL) brought into the database's, now and then. SQLite would do it by itself inside a COMMIT, but keeps to itself
 * whether the disk took it (its hook drops the error), tries again, and after a partial checkpoint before may then throw away a WAL
 * whose pages are nowhere else. So it is asked for here, where an error is seen. It runs when those who wait have been answered.
 */
import type { DatabaseSync } from "node:sqlite"
import { isFailedSync } from "./failed-sync.ts"

/** Pages of 4 KiB, so 16 MiB: with many rooms the same pages of the index are written again and again in between. */
export const CHECKPOINT_PAGES = 4_000

type Row = { readonly log: number; readonly checkpointed: number }

/** The connection must be in WAL mode. Throws where the disk does not keep what it was given; a full one is asked again next time. */
export function createCheckpoints(sqlite: DatabaseSync, pages = CHECKPOINT_PAGES): () => void {
  // Since SQLite 3.51 it can be asked how far the WAL is without moving anything; an older one goes on by itself.
  if (!canLook(sqlite)) {
    sqlite.exec(`PRAGMA wal_autocheckpoint = ${pages}`)
    return () => {}
  }
  sqlite.exec("PRAGMA wal_autocheckpoint = 0")
  const look = sqlite.prepare("PRAGMA wal_checkpoint(NOOP)")
  const move = sqlite.prepare("PRAGMA wal_checkpoint(PASSIVE)")
  return () => {
    const { log } = look.get() as Row
    if (log < pages) return
    try {
      move.get()
    } catch (error) {
      if (isFailedSync(error)) throw error
    }
  }
}

function canLook(sqlite: DatabaseSync): boolean {
  const { version } = sqlite.prepare("SELECT sqlite_version() AS version").get() as { version: string }
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major > 3 || (major === 3 && minor >= 51)
}
