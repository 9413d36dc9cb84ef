/**
 * A profile's stores on a plain disk: one SQLite file for each name, so that removing one deletes its bytes. Keys are kept as UTF-16
 * big-endian, whose order of bytes is the order that the port asks for. Whoever opens a name twice in this process gets the same
 * connection; other processes are kept out by the profile's lock (lock.ts).
 */
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { FULL } from "@teahouse/client/store/full.ts"
import { afterPrefix, type Row, type Store, type Stores, type Write } from "@teahouse/client/store/port.ts"
import { ownFile } from "./own-file.ts"

type Opened = { readonly database: DatabaseSync; users: number }

/** A file system may not tell upper from lower case, or not know every character. */
export const storeFile = (name: string): string => `${Buffer.from(name).toString("hex")}.db`

export function sqliteStores(folder: string): Stores {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const opened = new Map<string, Opened>()
  const fileOf = (name: string) => join(folder, storeFile(name))
  return {
    async open(name) {
      const one = opened.get(name) ?? { database: openDatabase(fileOf(name)), users: 0 }
      one.users += 1
      opened.set(name, one)
      let closed = false
      return sqliteStore(one.database, () => {
        if (closed) return
        closed = true
        one.users -= 1
        if (one.users > 0) return
        opened.delete(name)
        one.database.close()
      })
    },
    async remove(name) {
      opened.get(name)?.database.close()
      opened.delete(name)
      for (const ending of ["", "-wal", "-shm"]) rmSync(fileOf(name) + ending, { force: true })
    },
  }
}

export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(ownFile(file))
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS record (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
  `)
  return database
}

const toKey = (text: string): Uint8Array => Buffer.from(text, "utf16le").swap16()
const fromKey = (bytes: Uint8Array): string => Buffer.from(bytes).swap16().toString("utf16le")

const SQLITE_FULL = 13
/** A full disk, told as the client knows it. */
const said = (error: unknown): unknown =>
  (error as { errcode?: unknown } | null)?.errcode === SQLITE_FULL
    ? Object.assign(new Error("the disk is full", { cause: error }), { name: FULL })
    : error

export function sqliteStore(database: DatabaseSync, close: () => void): Store {
  const read = database.prepare("SELECT value FROM record WHERE key = ?")
  const up = database.prepare("SELECT key, value FROM record WHERE key >= ? AND key < ? ORDER BY key LIMIT ?")
  const down = database.prepare(
    "SELECT key, value FROM record WHERE key >= ? AND key <= ? ORDER BY key DESC LIMIT ?",
  )
  const keys = database.prepare("SELECT key FROM record WHERE key >= ? AND key < ? ORDER BY key")
  const put = database.prepare("INSERT OR REPLACE INTO record (key, value) VALUES (?, ?)")
  const drop = database.prepare("DELETE FROM record WHERE key = ?")
  const dropAll = database.prepare("DELETE FROM record WHERE key >= ? AND key < ?")
  const apply = (write: Write) => {
    if ("put" in write) put.run(toKey(write.put), write.value)
    else if ("drop" in write) drop.run(toKey(write.drop))
    else dropAll.run(toKey(write.dropPrefix), toKey(afterPrefix(write.dropPrefix)))
  }
  return {
    async get(key) {
      const row = read.get(toKey(key)) as { value: Uint8Array } | undefined
      return row?.value
    },
    async range(prefix, { from, limit = -1, reverse = false } = {}) {
      const end = afterPrefix(prefix)
      const low = !reverse && from !== undefined && from > prefix ? from : prefix
      const high = reverse && from !== undefined && from < end ? from : end
      const rows = (reverse ? down : up).all(toKey(low), toKey(high), limit)
      return (rows as { key: Uint8Array; value: Uint8Array }[]).map(
        ({ key, value }): Row => ({ key: fromKey(key), value }),
      )
    },
    async keys(prefix) {
      const rows = keys.all(toKey(prefix), toKey(afterPrefix(prefix))) as { key: Uint8Array }[]
      return rows.map(({ key }) => fromKey(key))
    },
    async batch(writes, durability = "relaxed") {
      try {
        // In WAL only FULL waits for the disk at each COMMIT.
        database.exec(`PRAGMA synchronous = ${durability === "strict" ? "FULL" : "NORMAL"}; BEGIN IMMEDIATE`)
        for (const write of writes) apply(write)
        database.exec("COMMIT")
      } catch (error) {
        // After some errors, a full disk among them, SQLite has rolled back already.
        if (database.isTransaction) database.exec("ROLLBACK")
        throw said(error)
      }
    },
    async close() {
      close()
    },
  }
}
