/**
 * A profile's stores on a plain disk: one SQLite file for each name, so that removing one deletes its bytes. Keys are kept as UTF-16
 * big-endian, whose order of bytes is the order that the port asks for. Whoever opens a name twice in this process gets the same
 * connection; other processes are kept out by the profile's lock (profile-lock.ts).
 *
 * A file that is damaged is set aside (whole.ts), when it is opened or when SQLite says so later: from then on whoever has it open is told
 * `StoreDamaged`, whatever is asked, and the next opening begins a fresh one. Nothing more is written into it: a tree that is wrong in one
 * place may give the same page to two records.
 */
import { mkdirSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { FULL } from "@teahouse/client/store/full.ts"
import { afterPrefix, type Row, type Store, type Stores, type Write } from "@teahouse/client/store/port.ts"
import { StoreDamaged } from "@teahouse/client/store/sealed.ts"
import { dropAside, isCorrupt, openWhole, putAside } from "./whole.ts"

/** `broken` is for all who have the same connection. */
type Opened = { readonly database: DatabaseSync; users: number; broken: boolean }

/** A file system may not tell upper from lower case, or not know every character. */
export const storeFile = (name: string): string => `${Buffer.from(name).toString("hex")}.db`

/** `onDamaged`: where the file is now. */
export function sqliteStores(folder: string, onDamaged: (aside: string) => void = () => {}): Stores {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const opened = new Map<string, Opened>()
  const fileOf = (name: string) => join(folder, storeFile(name))
  const aside = join(dirname(folder), "damaged")
  const setAside = (file: string) => onDamaged(putAside(file, aside))
  return {
    async open(name) {
      const one = opened.get(name) ?? {
        database: openDatabase(fileOf(name), setAside),
        users: 0,
        broken: false,
      }
      one.users += 1
      opened.set(name, one)
      let closed = false
      const close = () => {
        if (closed) return
        closed = true
        one.users -= 1
        if (one.users > 0 || opened.get(name) !== one) return
        opened.delete(name)
        one.database.close()
      }
      const damage = {
        seen: () => one.broken,
        found() {
          one.broken = true
          opened.delete(name)
          one.database.close()
          setAside(fileOf(name))
        },
      }
      return sqliteStore(one.database, close, damage)
    },
    async remove(name) {
      opened.get(name)?.database.close()
      opened.delete(name)
      for (const ending of ["", "-wal", "-shm"]) rmSync(fileOf(name) + ending, { force: true })
    },
    // Who was here stands in the index, and what was read in `printed.db`; others' stores are theirs.
    async forget(name) {
      dropAside(aside, [storeFile(name), storeFile("index"), "printed.db"])
    },
  }
}

export const openDatabase = (file: string, setAside: (file: string) => void): DatabaseSync =>
  openWhole(
    file,
    `
    PRAGMA journal_mode = WAL;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS record (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
    SELECT key, value FROM record LIMIT 0`,
    setAside,
  )

const toKey = (text: string): Uint8Array => Buffer.from(text, "utf16le").swap16()
const fromKey = (bytes: Uint8Array): string => Buffer.from(bytes).swap16().toString("utf16le")

const SQLITE_FULL = 13
/** A full disk, told as the client knows it. */
const said = (error: unknown): unknown =>
  (error as { errcode?: unknown } | null)?.errcode === SQLITE_FULL
    ? Object.assign(new Error("the disk is full", { cause: error }), { name: FULL })
    : error

type Damage = { seen(): boolean; found(): void }

export function sqliteStore(database: DatabaseSync, close: () => void, damage: Damage): Store {
  /** `key`: what was asked for. */
  const whole = <T>(key: string, work: () => T): T => {
    if (damage.seen()) throw new StoreDamaged(key)
    try {
      return work()
    } catch (error) {
      if (!isCorrupt(error)) throw said(error)
      damage.found()
      throw new StoreDamaged(key)
    }
  }
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
      const row = whole(key, () => read.get(toKey(key))) as { value: Uint8Array } | undefined
      return row?.value
    },
    async range(prefix, { from, limit = -1, reverse = false } = {}) {
      const end = afterPrefix(prefix)
      const low = !reverse && from !== undefined && from > prefix ? from : prefix
      const high = reverse && from !== undefined && from < end ? from : end
      const rows = whole(prefix, () => (reverse ? down : up).all(toKey(low), toKey(high), limit))
      return (rows as { key: Uint8Array; value: Uint8Array }[]).map(
        ({ key, value }): Row => ({ key: fromKey(key), value }),
      )
    },
    async keys(prefix) {
      const rows = whole(prefix, () => keys.all(toKey(prefix), toKey(afterPrefix(prefix))))
      return (rows as { key: Uint8Array }[]).map(({ key }) => fromKey(key))
    },
    async batch(writes, durability = "relaxed") {
      whole("", () => {
        try {
          // In WAL only FULL waits for the disk at each COMMIT.
          database.exec(
            `PRAGMA synchronous = ${durability === "strict" ? "FULL" : "NORMAL"}; BEGIN IMMEDIATE`,
          )
          for (const write of writes) apply(write)
          database.exec("COMMIT")
        } catch (error) {
          // After some errors, a full disk among them, SQLite has rolled back already.
          if (database.isTransaction) database.exec("ROLLBACK")
          throw error
        }
      })
    },
    async close() {
      close()
    },
  }
}
