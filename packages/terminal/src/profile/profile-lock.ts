/**
 * One process for each profile. The lock is SQLite's own on a file of its own: the system gives it back when the process ends,
 * however it ends, on every system.
 */

import { truncateSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { setTimeout as pause } from "node:timers/promises"
import { ownFile } from "./own-file.ts"
import { isCorrupt } from "./whole.ts"

const EVERY_MS = 50

/** Gives it back; undefined where somebody else has it for longer than `patienceMs`. */
export async function lockProfile(file: string, patienceMs: number): Promise<(() => void) | undefined> {
  const until = Date.now() + patienceMs
  for (;;) {
    const lock = new DatabaseSync(ownFile(file))
    try {
      lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE")
      return () => lock.close()
    } catch (error) {
      lock.close()
      // Nothing belongs into it, and nobody has it: who had would have been met before what is written there.
      if (isCorrupt(error)) truncateSync(file)
      else if (!isBusy(error)) throw error
    }
    if (Date.now() >= until) return undefined
    await pause(EVERY_MS)
  }
}

const SQLITE_BUSY = 5
const isBusy = (error: unknown) => (error as { errcode?: number }).errcode === SQLITE_BUSY
