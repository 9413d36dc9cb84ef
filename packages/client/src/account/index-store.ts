/**
 * The slot's small open record: the pinned house, and who was here last. Nothing secret, and nothing that vouches for it: what is
 * not as it was written is as if it were not there.
 */
import { idText } from "@teahouse/protocol/ids.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import type { Store } from "../store/port.ts"
import type { HousePin, LastRecord } from "./records.ts"

const lastRecord = z.object({ user: idText, username: z.string() })
const housePin = z.object({
  house: idText,
  houseKey: z.instanceof(Uint8Array),
  opaqueKey: z.string(),
  incarnation: z.number(),
})

const read = async <T>(store: Store, key: string, record: z.ZodMiniType<T>): Promise<T | undefined> => {
  const bytes = await store.get(key)
  const value = bytes && unpack(bytes, 64 * 1024)
  return value?.ok ? z.safeParse(record, value.value).data : undefined
}
const write = (store: Store, key: string, value: unknown) =>
  store.batch([{ put: key, value: pack(value) }], "strict")

export const indexOf = (store: Store) => ({
  last: () => read<LastRecord>(store, "last", lastRecord),
  setLast: (value: LastRecord) => write(store, "last", value),
  dropLast: () => store.batch([{ drop: "last" }], "strict"),
  /** Whose store here is damaged: the next sign-in begins a new one. */
  damaged: () => read(store, "damaged", z.string()),
  setDamaged: (user: string) => write(store, "damaged", user),
  clearDamaged: () => store.batch([{ drop: "damaged" }], "strict"),
  house: () => read<HousePin>(store, "house", housePin),
  setHouse: (value: HousePin) => write(store, "house", value),
})
export type Index = ReturnType<typeof indexOf>
