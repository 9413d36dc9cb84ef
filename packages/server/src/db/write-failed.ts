/**
 * A write that failed as nobody foresaw, as the log may tell of it: by the database's own code, for which a book has words. Its message is
 * not told, because it may quote what stood in a row (ops/log.ts).
 */

/** SQLite's primary result codes, by number (sqlite.org/rescode.html). */
const NAMES = [
  ...["OK", "ERROR", "INTERNAL", "PERM", "ABORT", "BUSY", "LOCKED", "NOMEM"],
  ...["READONLY", "INTERRUPT", "IOERR", "CORRUPT", "NOTFOUND", "FULL", "CANTOPEN"],
  ...["PROTOCOL", "EMPTY", "SCHEMA", "TOOBIG", "CONSTRAINT", "MISMATCH", "MISUSE"],
  ...["NOLFS", "AUTH", "FORMAT", "RANGE", "NOTADB"],
]

export const SQLITE_FULL = 13

/** `SQLITE_FULL`, `SQLITE_IOERR/778`: the extended number too, where there is one. undefined: SQLite did not say it. */
export function sqliteCode(error: unknown): string | undefined {
  const errcode = (error as { errcode?: unknown } | null)?.errcode
  if (typeof errcode !== "number") return undefined
  const primary = errcode & 0xff
  return `SQLITE_${NAMES[primary] ?? primary}${errcode === primary ? "" : `/${errcode}`}`
}

export const writeFailed = (message: string, code: string | undefined, cause?: unknown): Error =>
  Object.assign(new Error(message, cause === undefined ? {} : { cause }), code === undefined ? {} : { code })
