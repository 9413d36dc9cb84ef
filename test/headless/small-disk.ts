import type { Stores } from "@teahouse/client/store/port.ts"
import { type Disk, newDisk } from "./person.ts"

/** A disk that has no room for a write whose keys `refuses`. */
export function smallDisk(refuses: (puts: readonly string[]) => boolean): Disk {
  const disk = newDisk()
  const stores: Stores = {
    ...disk.stores,
    async open(name) {
      const store = await disk.stores.open(name)
      return {
        ...store,
        async batch(writes, durability) {
          if (refuses(writes.flatMap((write) => ("put" in write ? [write.put] : []))))
            throw new DOMException("no room", "QuotaExceededError")
          await store.batch(writes, durability)
        },
      }
    },
  }
  return { ...disk, stores }
}
