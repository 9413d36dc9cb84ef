/** The stage in IndexedDB, for browsers without a private file system: a record for each piece, written as a whole. */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb"
import type { FileStage, FileStages } from "./stage.ts"

interface Schema extends DBSchema {
  /** Key: file, piece. */
  pieces: { key: [string, number]; value: Uint8Array }
}

/** `room`: how much the browser has, which it tells elsewhere. */
export function idbStages(slot: string, room: FileStage["room"]): FileStages {
  const nameOf = (account: string) => `teahouse-files/${slot}/${account}`
  const opened = new Map<string, IDBPDatabase<Schema>>()
  return {
    async open(account) {
      const name = nameOf(account)
      const db =
        opened.get(name) ??
        (await openDB<Schema>(name, 1, { upgrade: (fresh) => void fresh.createObjectStore("pieces") }))
      opened.set(name, db)
      return idbStage(db, room)
    },
    async remove(account) {
      const name = nameOf(account)
      opened.get(name)?.close()
      opened.delete(name)
      await deleteDB(name)
    },
  }
}

function idbStage(db: IDBPDatabase<Schema>, room: FileStage["room"]): FileStage {
  return {
    async write(file, piece, bytes) {
      try {
        // A record keeps the whole buffer of a view.
        const whole = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
        await db.put("pieces", whole, [file, piece])
        return true
      } catch (error) {
        if ((error as Error | null)?.name === "QuotaExceededError") return false
        throw error
      }
    },
    async read(file, piece, from, to) {
      const bytes = await db.get("pieces", [file, piece])
      return bytes && bytes.length >= to ? bytes.slice(from, to) : undefined
    },
    async remove(file) {
      const all = db.transaction("pieces", "readwrite")
      for (const key of await all.store.getAllKeys()) if (key[0] === file) void all.store.delete(key)
      await all.done
    },
    async list() {
      const keys = await db.getAllKeys("pieces")
      return [...new Set(keys.map(([file]) => file))]
    },
    room,
  }
}
