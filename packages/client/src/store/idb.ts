/**
 * The browser's store: one database per profile, one object store, keys outside the values. A transaction never spans an
 * await of anything but IndexedDB itself: values are sealed before `batch` is called.
 */
import { deleteDB, type IDBPDatabase, openDB } from "idb"
import { afterPrefix, type Row, type Store, type Stores } from "./port.ts"

const RECORDS = "records"
/** This package compiles without the DOM library; `never` fits whatever type the platform's own declaration has. */
declare const IDBKeyRange: { bound(lower: string, upper: string): never }

/** `slot` keeps the accounts of one browser apart. */
export function idbStores(slot: string): Stores {
  const database = (name: string) => `teahouse-${slot}-${name}`
  return {
    async open(name) {
      const db = await openDB(database(name), 1, {
        upgrade: (fresh) => void fresh.createObjectStore(RECORDS),
        // Another tab wants to delete or upgrade: holding on would block it for ever.
        blocking: (_current, _blocked, event) => (event.target as unknown as { close(): void }).close(),
      })
      return idbStore(db)
    },
    remove: (name) => deleteDB(database(name)),
  }
}

function idbStore(db: IDBPDatabase): Store {
  return {
    get: (key) => db.get(RECORDS, key) as Promise<Uint8Array | undefined>,
    async range(prefix, { from, limit, reverse = false } = {}) {
      const low = !reverse && from !== undefined && from > prefix ? from : prefix
      const high = reverse && from !== undefined && from < afterPrefix(prefix) ? from : afterPrefix(prefix)
      if (low > high) return []
      const bounds = IDBKeyRange.bound(low, high)
      if (!reverse) {
        const transaction = db.transaction(RECORDS)
        const [keys, values] = await Promise.all([
          transaction.store.getAllKeys(bounds, limit) as Promise<string[]>,
          transaction.store.getAll(bounds, limit) as Promise<Uint8Array[]>,
        ])
        return keys.map((key, i) => ({ key, value: values[i] as Uint8Array }))
      }
      const rows: Row[] = []
      let cursor = await db.transaction(RECORDS).store.openCursor(bounds, "prev")
      while (cursor && rows.length < (limit ?? Number.POSITIVE_INFINITY)) {
        rows.push({ key: cursor.key as string, value: cursor.value as Uint8Array })
        cursor = await cursor.continue()
      }
      return rows
    },
    keys: (prefix) =>
      db.getAllKeys(RECORDS, IDBKeyRange.bound(prefix, afterPrefix(prefix))) as Promise<string[]>,
    async batch(writes, durability = "relaxed") {
      const transaction = db.transaction(RECORDS, "readwrite", { durability })
      const pending: Promise<unknown>[] = writes.map((write) => {
        if ("put" in write) return transaction.store.put(write.value, write.put)
        if ("drop" in write) return transaction.store.delete(write.drop)
        return transaction.store.delete(IDBKeyRange.bound(write.dropPrefix, afterPrefix(write.dropPrefix)))
      })
      await Promise.all([...pending, transaction.done])
    },
    async close() {
      db.close()
    },
  }
}
