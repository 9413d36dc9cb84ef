/**
 * A file that only its owner may read and write, made before anything is put into it. What SQLite lays beside a database has its mode.
 *
 * One that is there already is not opened for it: closing any descriptor of a file drops all locks that the process has on it (POSIX),
 * and SQLite's locks are such.
 */
import { chmodSync, closeSync, openSync } from "node:fs"

export function ownFile(path: string): string {
  if (path === ":memory:") return path
  try {
    closeSync(openSync(path, "wx", 0o600))
    return path
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
  }
  try {
    // One that an older version has made.
    chmodSync(path, 0o600)
  } catch (error) {
    // Somebody else's, on a folder that is shared: whether it can be opened is for SQLite to say.
    if (codeOf(error) !== "EPERM") throw error
  }
  return path
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
