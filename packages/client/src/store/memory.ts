/** A store in memory: for tests, and for a visit that leaves nothing behind. It outlives `close`, as a disk does. */
import { afterPrefix, type Store, type Stores, type Write } from "./port.ts"

/** What is kept under one name, shared by all who have it open: a write through one is seen by the others. */
interface Disk {
  readonly rows: Map<string, Uint8Array>
  /** The keys in order, until the next write. */
  sorted: readonly string[] | undefined
}

export function memoryStores(): Stores {
  const all = new Map<string, Disk>()
  return {
    async open(name) {
      const disk = all.get(name) ?? { rows: new Map<string, Uint8Array>(), sorted: undefined }
      all.set(name, disk)
      return memoryStore(disk)
    },
    async remove(name) {
      const disk = all.get(name)
      if (!disk) return
      disk.rows.clear()
      disk.sorted = undefined
      all.delete(name)
    },
  }
}

function memoryStore(disk: Disk): Store {
  const { rows } = disk
  const sorted = (): readonly string[] => {
    disk.sorted ??= [...rows.keys()].sort()
    return disk.sorted
  }
  return {
    async get(key) {
      return rows.get(key)?.slice()
    },
    async range(prefix, { from, limit = Number.POSITIVE_INFINITY, reverse = false } = {}) {
      const end = afterPrefix(prefix)
      const inside = sorted().filter((key) => {
        if (key < prefix || key >= end) return false
        return from === undefined || (reverse ? key <= from : key >= from)
      })
      if (reverse) inside.reverse()
      return inside.slice(0, limit).map((key) => ({ key, value: (rows.get(key) as Uint8Array).slice() }))
    },
    keys: async (prefix) => sorted().filter((key) => key.startsWith(prefix)),
    async batch(writes) {
      for (const write of writes) apply(rows, write)
      disk.sorted = undefined
    },
    async close() {},
  }
}

function apply(rows: Map<string, Uint8Array>, write: Write) {
  if ("put" in write) rows.set(write.put, write.value.slice())
  else if ("drop" in write) rows.delete(write.drop)
  else for (const key of [...rows.keys()]) if (key.startsWith(write.dropPrefix)) rows.delete(key)
}
