/**
 * A device's disk. Batches come to it one after another, each whole or not at all. What was written `relaxed` is there at once
 * for whoever asks and lost with a power cut until a later `strict` one, or time, has brought it to the platter; so a power cut
 * leaves a prefix of what was done. A disk may be slow, or full for a while.
 */
import { afterPrefix, type Store, type Stores, type Write } from "@teahouse/client/store/port.ts"
import type { Rng } from "./random.ts"
import type { Process, Time } from "./time.ts"

type Rows = Map<string, Uint8Array>
export type DiskImage = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>

export type DiskFaults = {
  /** Until when a batch is refused (ms). */
  fullUntil: number
  slowUntil: number
}

export type Disk = ReturnType<typeof createDisk>

export function createDisk(
  image: DiskImage,
  rng: Rng,
  onBatch: (name: string, rows: Rows, writes: readonly Write[]) => void,
) {
  const all = new Map<string, Rows>()
  for (const [name, rows] of image) all.set(name, new Map(rows))
  const faults: DiskFaults = { fullUntil: 0, slowUntil: 0 }
  /** Undoes what is not on the platter, newest last. */
  let undo: {
    readonly name: string
    readonly rows: readonly (readonly [string, Uint8Array | undefined])[]
  }[] = []

  function apply(name: string, writes: readonly Write[], strict: boolean) {
    const rows = all.get(name) ?? new Map<string, Uint8Array>()
    all.set(name, rows)
    const before: (readonly [string, Uint8Array | undefined])[] = []
    const set = (key: string, value: Uint8Array | undefined) => {
      before.push([key, rows.get(key)])
      if (value) rows.set(key, value)
      else rows.delete(key)
    }
    for (const write of writes) {
      if ("put" in write) set(write.put, write.value)
      else if ("drop" in write) set(write.drop, undefined)
      else for (const key of [...rows.keys()]) if (key.startsWith(write.dropPrefix)) set(key, undefined)
    }
    if (strict) undo = []
    else undo.push({ name, rows: before.reverse() })
    onBatch(name, rows, writes)
  }

  /** As this process sees it. */
  function stores(time: Time, process: Process): Stores {
    const latency = () => (time.now() < faults.slowUntil ? rng.between(200, 4_000) : rng.between(0, 4))
    let last = 0
    /** In the order in which it was asked for. */
    const inTurn = <T>(what: string, run: () => T): Promise<T> =>
      new Promise((done, failed) => {
        const at = Math.max(last, time.now() + latency())
        last = at
        time.after(at - time.now(), process, what, () => {
          try {
            done(run())
          } catch (error) {
            failed(error as Error)
          }
        })
      })

    const storeOf = (name: string): Store => {
      const rows = () => all.get(name) ?? new Map<string, Uint8Array>()
      return {
        get: (key) => inTurn(`read ${key}`, () => rows().get(key)?.slice()),
        range: (prefix, { from, limit = Number.POSITIVE_INFINITY, reverse = false } = {}) =>
          inTurn(`range ${prefix}`, () => {
            const end = afterPrefix(prefix)
            const here = rows()
            const keys = [...here.keys()].filter((key) => {
              if (key < prefix || key >= end) return false
              return from === undefined || (reverse ? key <= from : key >= from)
            })
            keys.sort()
            if (reverse) keys.reverse()
            return keys.slice(0, limit).map((key) => ({ key, value: (here.get(key) as Uint8Array).slice() }))
          }),
        keys: (prefix) =>
          inTurn(`keys ${prefix}`, () => [...rows().keys()].filter((key) => key.startsWith(prefix)).sort()),
        batch(writes, durability) {
          const copies = writes.map((write) =>
            "put" in write ? { ...write, value: write.value.slice() } : write,
          )
          return inTurn(`batch ${durability ?? "relaxed"}`, () => {
            if (time.now() < faults.fullUntil) throw new DeviceFull("the device is full")
            apply(name, copies, durability === "strict")
          })
        },
        close: async () => {},
      }
    }
    return {
      open: async (name) => storeOf(name),
      remove: (name) => inTurn("remove", () => void all.delete(name)),
    }
  }

  return {
    faults,
    stores,
    rows: (name: string): ReadonlyMap<string, Uint8Array> => all.get(name) ?? new Map(),
    image: (): DiskImage => new Map([...all].map(([name, rows]) => [name, new Map(rows)])),
    /** Of what is not on the platter yet the last part is gone. How many batches it was. */
    cutPower(): number {
      const kept = rng.below(undo.length + 1)
      const lost = undo.length - kept
      for (const { name, rows } of undo.splice(kept).reverse())
        for (const [key, value] of rows) {
          if (value) all.get(name)?.set(key, value)
          else all.get(name)?.delete(key)
        }
      undo = []
      return lost
    },
  }
}

export class DeviceFull extends Error {}
