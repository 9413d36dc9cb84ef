/**
 * Where a profile's store key lives. The key never leaves the device: on the web it is a non-extractable CryptoKey in a
 * database of its own, beside the sealed values but not readable as bytes. Signing out drops it; the sealed store stays
 * and opens again when the password has brought back the account key that wraps it (account/unlock.ts).
 */
import { type IDBPDatabase, openDB } from "idb"

export interface KeyBox {
  load(profile: string): Promise<CryptoKey | undefined>
  /** `raw`: 32 bytes, wiped from memory by nobody, so the caller drops it at once. */
  save(profile: string, raw: Uint8Array): Promise<CryptoKey>
  drop(profile: string): Promise<void>
}

/** 32 bytes as a key that nobody can read out again. */
export const importKey = (raw: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw as Uint8Array<ArrayBuffer>, "AES-GCM", false, ["encrypt", "decrypt"])

export function memoryKeyBox(): KeyBox {
  const keys = new Map<string, CryptoKey>()
  return {
    load: async (profile) => keys.get(profile),
    async save(profile, raw) {
      const key = await importKey(raw)
      keys.set(profile, key)
      return key
    },
    async drop(profile) {
      keys.delete(profile)
    },
  }
}

export function idbKeyBox(slot: string): KeyBox {
  const using = async <T>(run: (db: IDBPDatabase) => Promise<T>): Promise<T> => {
    const db = await openDB(`teahouse-${slot}-keys`, 1, {
      upgrade: (fresh) => void fresh.createObjectStore("keys"),
    })
    try {
      return await run(db)
    } finally {
      db.close()
    }
  }
  return {
    load: (profile) => using((db) => db.get("keys", profile) as Promise<CryptoKey | undefined>),
    async save(profile, raw) {
      const key = await importKey(raw)
      await using((db) => db.put("keys", key, profile))
      return key
    },
    drop: (profile) => using((db) => db.delete("keys", profile)),
  }
}
