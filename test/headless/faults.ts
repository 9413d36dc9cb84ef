/** Everything that can go wrong between a client and its disk or its network, chosen by a seed. */
import type { Fetch, OpenSocket } from "@teahouse/client/platform.ts"
import { memoryProfileLock } from "@teahouse/client/profile-lock.ts"
import type { Store, Stores } from "@teahouse/client/store/port.ts"
import { openWebSocket } from "@teahouse/client/web-socket.ts"
import type { Disk } from "./person.ts"

export type Power = {
  /** The power goes at this write, counted from now; undefined: never. */
  left: number | undefined
  /** Whether that write still reaches the disk. */
  written: boolean
  off: boolean
}
export const newPower = (): Power => ({ left: undefined, written: false, off: false })

const never = <T>(): Promise<T> => new Promise(() => {})

/** The same disk, in a machine whose power may go: from then on nothing is written and nothing answers. */
export function machineOn(disk: Disk, power: Power): Disk {
  const wrap = (store: Store): Store => ({
    get: (key) => (power.off ? never() : store.get(key)),
    range: (prefix, options) => (power.off ? never() : store.range(prefix, options)),
    keys: (prefix) => (power.off ? never() : store.keys(prefix)),
    async batch(writes, durability) {
      if (power.off) return never()
      if (power.left !== undefined && --power.left < 0) {
        power.off = true
        if (power.written) await store.batch(writes, durability)
        return never()
      }
      await store.batch(writes, durability)
    },
    close: () => store.close(),
  })
  const stores: Stores = {
    open: async (name) => wrap(await disk.stores.open(name)),
    remove: (name) => disk.stores.remove(name),
  }
  return { stores, keyBox: disk.keyBox, lock: memoryProfileLock(), stages: disk.stages }
}

export type Weather = { random: () => number; cut: number; twice: number; late: number }

/** A connection that is cut before or after a frame, says things twice, or late. */
export const stormySocket =
  (weather: Weather, power: Power = newPower()): OpenSocket =>
  (url, handlers) => {
    let open = true
    const close = () => {
      if (!open) return
      open = false
      socket.close()
      handlers.close()
    }
    const happens = (chance: number) => weather.random() < chance
    const deliver = (bytes: Uint8Array) => {
      if (open && !power.off) handlers.message(bytes)
    }
    const socket = openWebSocket(url, {
      open: () => handlers.open(),
      message(bytes) {
        if (happens(weather.cut)) return close()
        if (happens(weather.late)) setTimeout(() => deliver(bytes), 1 + 20 * weather.random())
        else deliver(bytes)
        if (happens(weather.twice)) setTimeout(() => deliver(bytes), 1 + 20 * weather.random())
        if (happens(weather.cut)) close()
      },
      close,
    })
    return {
      send(bytes) {
        if (power.off || !open) return
        if (happens(weather.cut)) return close()
        socket.send(bytes)
        if (happens(weather.cut)) close()
      },
      close,
    }
  }

/** A request that is lost on the way there or on the way back. */
export const stormyFetch =
  (weather: Weather, power: Power = newPower()): Fetch =>
  async (url, init) => {
    if (power.off) return never()
    if (weather.random() < weather.cut) throw new Error("lost on the way there")
    const answer = await fetch(url, init)
    if (power.off) return never()
    if (weather.random() < weather.cut) throw new Error("lost on the way back")
    return answer
  }
