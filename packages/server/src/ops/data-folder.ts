/**
 * The data folder: made if it is not there, readable by its owner only, and used by one house at a time. Two processes on
 * one log would each think they were the only writer. The lock is an exclusive lock of SQLite on a file of its own: the
 * system drops it with the process, however that ends. Rejected: a file with a process number, which outlives a kill and
 * in a container always names the new process itself.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { dataProblem, type FolderOf, IN_USE, StartRefused } from "./refusal.ts"

export type DataFolder = { readonly path: string; readonly release: () => void }

export function takeDataFolder(path: string): DataFolder {
  try {
    makeFolder(path)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw dataProblem(error, path) ?? error
  }
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(path, "house.lock"), { timeout: 0 })
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
  } catch (error) {
    lock?.close()
    throw new StartRefused(
      {
        zh: `数据目录 ${path} 正被另一个 Teahouse 使用，或不可写。请先关闭它，或用 --data 指定其他目录。`,
        en: `The data folder ${path} is in use by another Teahouse, or cannot be written to. Close that one, or name another with --data.`,
      },
      error,
      IN_USE,
    )
  }
  const held = lock
  return { path, release: () => held.close() }
}

/** A folder that nodes may have in common, so nobody has it alone: made if it is not there. */
export function openSharedFolder(path: string, of: FolderOf): string {
  try {
    makeFolder(path)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw dataProblem(error, path, of) ?? error
  }
  return path
}

/** By hand, because Node's recursive mkdir never returns where a file system says that a parent is missing which exists. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "EEXIST" && statSync(path).isDirectory()) return
    if (code !== "ENOENT" || existsSync(dirname(path))) throw error
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o700 })
  }
}
