/**
 * A disk that says it did not keep what was written (docs/decisions/47-fsync-errors.md). After a failed fsync the system may have
 * forgotten what it was to write, and the next fsync, which finds nothing to do, succeeds. So nothing is tried again in a process that
 * has seen one: the writer ends, and the next start goes by what is in the files.
 *
 * A write(2) that fails is another matter: it says so before anything counts, and its transaction is undone like any other.
 */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from "node:fs"

/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC (sqlite.org/rescode.html). */
const CODES: readonly unknown[] = [10 | (4 << 8), 10 | (5 << 8)]

export const isFailedSync = (error: unknown): boolean =>
  CODES.includes((error as { errcode?: unknown } | null)?.errcode)

const SQLITE_IOERR = 10
/** While opening, when nothing has been promised yet, any error of the disk is one and the same: it cannot be relied on. */
export function isFailingDisk(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  return (typeof errcode === "number" && (errcode & 255) === SQLITE_IOERR) || code === "EIO"
}

const SQLITE_FULL = 13
const isFull = (error: unknown): boolean => {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  return errcode === SQLITE_FULL || code === "ENOSPC" || code === "EDQUOT"
}

/** What a full disk may leave out: a house that is full must still open, so that what is in it can be read. */
export function unlessFull(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!isFull(error)) throw error
  }
}

const PART = 1024 * 1024

/**
 * Writes a file's own bytes over it and asks for them to be kept. What the last process wrote and the disk refused may stand in the
 * system's memory alone, where it looks like the rest and is never written; only a write makes the system do it. It changes nothing,
 * so it may be interrupted anywhere.
 */
export function writeAgain(path: string): void {
  let file: number
  try {
    file = openSync(path, "r+")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return
    throw error
  }
  try {
    const bytes = new Uint8Array(PART)
    let at = 0
    for (let read = readSync(file, bytes, 0, PART, at); read > 0; read = readSync(file, bytes, 0, PART, at)) {
      for (let done = 0; done < read; ) done += writeSync(file, bytes, done, read - done, at + done)
      at += read
    }
    if (at > 0) fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
