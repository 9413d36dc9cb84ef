/**
 * While a backup is taken nothing that its rows speak of may go: a row of `backup` tells every node of the house to keep the bytes
 * of blobs for now (blob/blobs.ts). It is told again and again, so that a backup that was killed holds nothing for long.
 */
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import type { Raw } from "../db/raw.ts"

/** Before the rows are read, which on SQLite nothing interrupts (ms). */
const FIRST_MS = 3_600_000
const HOLD_MS = 600_000
const AGAIN_MS = 60_000

export type Hold = { readonly release: () => Promise<void> }

export async function holdBlobs(db: Raw, backup: Id, now: () => number): Promise<Hold> {
  const id = idBytes(backup)
  await db.query("DELETE FROM backup WHERE until < ?", [now()])
  await db.query("INSERT INTO backup (id, until) VALUES (?, ?)", [id, now() + FIRST_MS])
  const timer = setInterval(() => {
    // The next one says it too; without any, a file that goes is missed when it is to be copied.
    db.query("UPDATE backup SET until = ? WHERE id = ?", [now() + HOLD_MS, id]).catch(() => {})
  }, AGAIN_MS)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      await db.query("DELETE FROM backup WHERE id = ?", [id])
    },
  }
}
