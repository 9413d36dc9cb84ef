/** The slot's small open record: the pinned house, and who was here last. Nothing secret. */
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import type { Store } from "../store/port.ts"
import type { HousePin, LastRecord } from "./records.ts"

const read = async <T>(store: Store, key: string): Promise<T | undefined> => {
  const bytes = await store.get(key)
  const value = bytes && unpack(bytes, 64 * 1024)
  return value?.ok ? (value.value as T) : undefined
}
const write = (store: Store, key: string, value: unknown) =>
  store.batch([{ put: key, value: pack(value) }], "strict")

export const indexOf = (store: Store) => ({
  last: () => read<LastRecord>(store, "last"),
  setLast: (value: LastRecord) => write(store, "last", value),
  dropLast: () => store.batch([{ drop: "last" }], "strict"),
  /** Whose store here is damaged: the next sign-in begins a new one. */
  damaged: () => read<string>(store, "damaged"),
  setDamaged: (user: string) => write(store, "damaged", user),
  clearDamaged: () => store.batch([{ drop: "damaged" }], "strict"),
  house: () => read<HousePin>(store, "house"),
  setHouse: (value: HousePin) => write(store, "house", value),
})
export type Index = ReturnType<typeof indexOf>
