/**
 * A database of an older program is copied before anything of it is changed: `house.before-ID.TIME.db` beside it, as of the moment
 * before, on stable storage, with the last two of such copies kept. Where the disk has no room for it nothing is changed. A migration
 * that fails undoes itself (migrate.ts); the copy is for what nobody foresaw, and for going back to the older program.
 *
 * `VACUUM INTO` and not a copy of the file: what stands in the WAL is in it, and what was deleted is not.
 */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statfsSync } from "node:fs"
import { dirname, join } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Migration } from "./migrations/migrations.ts"

export type NoRoom = {
  readonly kind: "no_room"
  /** Bytes. */
  readonly needs: number
  /** What the disk said; it may be more than is needed, where a quota is the bound or somebody else was writing. */
  readonly free: number
  readonly message: string
}

const KEPT = 2
/** Beside the copy: what the migration itself writes (bytes). */
const MARGIN = 64 * 1024 * 1024
const NAME = /^house\.before-\d+\.(\d{8}T\d{6}Z)\.db$/
/** Of a program that was ended while it copied; as large as the database, and a name of its own at each start. */
const UNFINISHED = /^house\.before-\d+\.\d{8}T\d{6}Z\.db\.unfinished(-journal)?$/

export type CopyFirstOptions = {
  readonly known: readonly Migration[]
  readonly now: number
  /** How much room the folder's disk has (bytes). */
  readonly free?: (folder: string) => number
}

/** The copy's path; undefined: there is nothing to change, or nothing yet that could be lost. */
export function copyFirst(
  db: DatabaseSync,
  path: string,
  { known, now, free = freeOf }: CopyFirstOptions,
): Result<string | undefined, NoRoom> {
  if (!olderThan(db, known)) return ok(undefined)
  const folder = dirname(path)
  dropUnfinished(folder)
  const { page_count: pages } = db.prepare("PRAGMA page_count").get() as { page_count: number }
  const { page_size: size } = db.prepare("PRAGMA page_size").get() as { page_size: number }
  const [needs, there] = [pages * size + MARGIN, free(folder)]
  if (there < needs) return err({ kind: "no_room", needs, free: there, message: "no room for a copy" })
  const newest = Math.max(...known.map(({ id }) => id))
  // As 20261127T163517Z: sorted by it they are sorted by time.
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")
  const copy = join(folder, `house.before-${newest}.${stamp}.db`)
  const unfinished = `${copy}.unfinished`
  try {
    // Nobody else reads it, from the first byte on.
    closeSync(openSync(unfinished, "wx", 0o600))
    db.prepare("VACUUM INTO ?").run(unfinished)
    sync(unfinished)
    renameSync(unfinished, copy)
  } catch (error) {
    dropUnfinished(folder)
    if (isFull(error))
      return err({ kind: "no_room", needs, free: free(folder), message: "no room for a copy" })
    throw error
  }
  const copies = readdirSync(folder).filter((name) => NAME.test(name))
  const timeOf = (name: string) => NAME.exec(name)?.[1] ?? ""
  copies.sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
  for (const name of copies.slice(KEPT)) rmSync(join(folder, name))
  return ok(copy)
}

function olderThan(db: DatabaseSync, known: readonly Migration[]): boolean {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'").get()
  if (!table) return false
  const ids = db.prepare("SELECT id FROM migration").all()
  const applied = new Set(ids.map(({ id }) => Number(id)))
  const newest = Math.max(0, ...known.map(({ id }) => id))
  // A newer program's is refused, and so not changed.
  if (applied.size === 0 || Math.max(...applied) > newest) return false
  return known.some(({ id }) => !applied.has(id))
}

function dropUnfinished(folder: string): void {
  for (const name of readdirSync(folder))
    if (UNFINISHED.test(name)) rmSync(join(folder, name), { force: true })
}

const SQLITE_FULL = 13
function isFull(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  return errcode === SQLITE_FULL || code === "ENOSPC" || code === "EDQUOT"
}

function freeOf(folder: string): number {
  try {
    const { bsize, bavail } = statfsSync(folder)
    return bsize * bavail
  } catch {
    // A system that does not say it finds out while copying.
    return Number.POSITIVE_INFINITY
  }
}

function sync(path: string): void {
  const file = openSync(path, "r+")
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
