/**
 * The store as the core uses it: values are plain data, written as MessagePack and sealed with AES-256-GCM under the
 * profile's key. The record's own key is authenticated with it, so a value cannot be moved to another place.
 * What cannot be opened was damaged or swapped: `StoreDamaged` is thrown, nobody goes on from there, and the client repairs the
 * store (account/mend.ts); everything in it can be fetched or rebuilt.
 * Form is not checked again by a schema: the seal says that this client wrote it.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import type { SealedCrypto } from "../crypto/port.ts"
import type { RangeOptions, Store, Write } from "./port.ts"

export class StoreDamaged extends Error {
  readonly place: string
  constructor(place: string) {
    super("a record of the local store cannot be read")
    this.place = place
  }
}

export type SealedWrite =
  | { readonly put: string; readonly value: unknown }
  | { readonly drop: string }
  | { readonly dropPrefix: string }

export type SealedStore = {
  get<T>(key: string): Promise<T | undefined>
  range<T>(prefix: string, options?: RangeOptions): Promise<{ readonly key: string; readonly value: T }[]>
  keys(prefix: string): Promise<string[]>
  write(writes: readonly SealedWrite[], durability?: "relaxed" | "strict"): Promise<void>
  close(): Promise<void>
}

const MAX_RECORD = 64 * 1024 * 1024
const place = (key: string) => utf8(`teahouse/store/v1\0${key}`)

export function sealedStore(store: Store, key: CryptoKey, sealed: SealedCrypto): SealedStore {
  const open = async <T>(at: string, bytes: Uint8Array): Promise<T> => {
    const plain = await sealed.openWith(key, place(at), bytes)
    const value = plain.ok ? unpack(plain.value, MAX_RECORD) : plain
    if (!value.ok) throw new StoreDamaged(at)
    return value.value as T
  }
  return {
    async get<T>(at: string) {
      const bytes = await store.get(at)
      return bytes && (await open<T>(at, bytes))
    },
    async range<T>(prefix: string, options?: RangeOptions) {
      const rows = await store.range(prefix, options)
      return Promise.all(
        rows.map(async (row) => ({ key: row.key, value: await open<T>(row.key, row.value) })),
      )
    },
    keys: (prefix) => store.keys(prefix),
    async write(writes, durability) {
      const ready = await Promise.all(
        writes.map(async (write): Promise<Write> => {
          if (!("put" in write)) return write
          return { put: write.put, value: await sealed.sealWith(key, place(write.put), pack(write.value)) }
        }),
      )
      await store.batch(ready, durability)
    },
    close: () => store.close(),
  }
}
