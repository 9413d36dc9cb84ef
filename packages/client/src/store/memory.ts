/** A store in memory: for tests, and for a visit that leaves nothing behind. It outlives `close`, as a disk does. */
import { afterPrefix, type Store, type Stores, type Write } from "./port.ts"

export function memoryStores(): Stores {
  const all = new Map<string, Map<string, Uint8Array>>()
  return {
    async open(name) {
      const rows = all.get(name) ?? new Map<string, Uint8Array>()
      all.set(name, rows)
      return memoryStore(rows)
    },
    async remove(name) {
      all.get(name)?.clear()
      all.delete(name)
    },
  }
}

function memoryStore(rows: Map<string, Uint8Array>): Store {
  let sorted: string[] | undefined
  const keys = (): string[] => {
    sorted ??= [...rows.keys()].sort()
    return sorted
  }
  return {
    async get(key) {
      return rows.get(key)?.slice()
    },
    async range(prefix, { from, limit = Number.POSITIVE_INFINITY, reverse = false } = {}) {
      const end = afterPrefix(prefix)
      const inside = keys().filter((key) => {
        if (key < prefix || key >= end) return false
        return from === undefined || (reverse ? key <= from : key >= from)
      })
      if (reverse) inside.reverse()
      return inside.slice(0, limit).map((key) => ({ key, value: (rows.get(key) as Uint8Array).slice() }))
    },
    async batch(writes) {
      for (const write of writes) apply(rows, write)
      sorted = undefined
    },
    async close() {},
  }
}

function apply(rows: Map<string, Uint8Array>, write: Write) {
  if ("put" in write) rows.set(write.put, write.value.slice())
  else if ("drop" in write) rows.delete(write.drop)
  else for (const key of [...rows.keys()]) if (key.startsWith(write.dropPrefix)) rows.delete(key)
}
