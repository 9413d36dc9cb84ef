/**
 * A database of a profile that is whole, or a fresh one in its place: a file that was cut, overwritten or never was a database is kept,
 * beside, and whoever opened it goes on as from a deleted one. A person's data are at the house; what only this file had may still be got out
 * of it by somebody who knows how. Rejected: SQLite's own recovery into a new file, whose records nobody could say the age of.
 *
 * How much is looked at: all of a file up to `CHECKED_BYTES` at each opening (PRAGMA quick_check, about 1 ms a megabyte), of a larger one
 * only where the last process ended before it could close it. What is found later, while reading, is `isCorrupt`.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs"
import { basename, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { ownFile } from "./own-file.ts"

const CHECKED_BYTES = 64 * 1024 * 1024
/** Of one name. */
const KEPT = 3

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const CODE = { error: 1, corrupt: 11, format: 24, notADatabase: 26 } as const
const codeOf = (error: unknown) => ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff

/** While reading or writing: this file is not to be gone on with. */
export const isCorrupt = (error: unknown): boolean =>
  codeOf(error) === CODE.corrupt || codeOf(error) === CODE.notADatabase

/** While opening: its header or its table is not what this program wrote, too. */
const isStrange = (error: unknown): boolean =>
  isCorrupt(error) || codeOf(error) === CODE.error || codeOf(error) === CODE.format

/** `sql`: what makes the table, and fails where it is another. `setAside` takes the file away. */
export function openWhole(file: string, sql: string, setAside: (file: string) => void): DatabaseSync {
  const found = opened(file, sql)
  if (found) return found
  setAside(file)
  const fresh = opened(file, sql)
  if (!fresh) throw new Error("a fresh database cannot be read")
  return fresh
}

function opened(file: string, sql: string): DatabaseSync | undefined {
  const check = bytesOf(file) <= CHECKED_BYTES || bytesOf(`${file}-wal`) > 0
  const database = new DatabaseSync(ownFile(file))
  try {
    database.exec(sql)
    const said = check ? database.prepare("PRAGMA quick_check(1)").get() : undefined
    if (!said || said.quick_check === "ok") return database
  } catch (error) {
    database.close()
    if (!isStrange(error)) throw error
    return undefined
  }
  database.close()
  return undefined
}

const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** Moves a closed database into `folder`, under a name of its own; the last three of each are kept. Returns where it is. */
export function putAside(file: string, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const name = basename(file, ".db")
  const before = readdirSync(folder)
    .filter((one) => one.startsWith(`${name}.`) && one.endsWith(".db"))
    .map((one) => Number(one.slice(name.length + 1, -3)))
  const number = Math.max(0, ...before) + 1
  const place = (n: number) => join(folder, `${name}.${n}.db`)
  for (const old of before)
    if (old <= number - KEPT) for (const ending of ["", "-wal"]) rmSync(place(old) + ending, { force: true })
  for (const ending of ["-wal", ""])
    if (existsSync(file + ending)) renameSync(file + ending, place(number) + ending)
  rmSync(`${file}-shm`, { force: true })
  return place(number)
}

/** Deletes what was put aside of these, by the names of their files. */
export function dropAside(folder: string, files: readonly string[]): void {
  if (!existsSync(folder)) return
  const names = files.map((file) => `${basename(file, ".db")}.`)
  for (const one of readdirSync(folder))
    if (names.some((name) => one.startsWith(name))) rmSync(join(folder, one), { force: true })
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}
