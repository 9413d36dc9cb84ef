/**
 * The key that opens the profile's store. It is random and stays on the device: usable as a CryptoKey in the key box
 * while somebody is signed in, and always as bytes sealed under the account's key beside the store. So signing out can
 * drop it from the key box, and the password brings it back.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import type { Amk, Crypto } from "../crypto/port.ts"
import type { KeyBox } from "../store/key-box.ts"
import type { Store } from "../store/port.ts"

/** The one record of a profile's store that is not sealed by the store's key. */
export const STORE_KEY = "lock"
const place = utf8("teahouse/store lock/v1\0")
const lockRecord = z.object({ generation: z.number(), sealed: z.instanceof(Uint8Array) })

export async function newStoreKey(store: Store, crypto: Crypto, box: KeyBox, profile: string, amk: Amk) {
  const raw = crypto.sealed.newKey()
  const { settings } = await crypto.account.amkKeys(amk)
  const sealed = await crypto.sealed.seal(settings, place, raw)
  await store.batch([{ put: STORE_KEY, value: pack({ generation: amk.generation, sealed }) }], "strict")
  return box.save(profile, raw)
}

/** undefined: there is no store, or not one that this account can open. */
export async function openStoreKey(
  store: Store,
  crypto: Crypto,
  box: KeyBox,
  profile: string,
  amks: readonly Amk[],
) {
  const bytes = await store.get(STORE_KEY)
  const lock = bytes && unpack(bytes, 4096)
  const parsed = lock?.ok ? z.safeParse(lockRecord, lock.value) : undefined
  if (!parsed?.success) return undefined
  const { generation, sealed } = parsed.data
  const amk = amks.find((one) => one.generation === generation)
  if (!amk) return undefined
  const { settings } = await crypto.account.amkKeys(amk)
  const raw = await crypto.sealed.open(settings, place, sealed)
  return raw.ok ? box.save(profile, raw.value) : undefined
}
