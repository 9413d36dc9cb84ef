/**
 * What a device has of an account, in one slot: its store, the key that opens it, and the device that it speaks for. The store
 * of somebody who is signed out stays, and the account's own key opens it again (unlock.ts).
 */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { createHttp } from "../http.ts"
import type { ClientParts } from "../parts.ts"
import type { Problem } from "../problem.ts"
import { type SealedStore, StoreDamaged, sealedStore } from "../store/sealed.ts"
import { noteLife } from "./first-life.ts"
import type { HouseAnswer } from "./house.ts"
import type { Index } from "./index-store.ts"
import type { Proved } from "./login.ts"
import { ACCOUNT, type AccountRecord } from "./records.ts"
import { newStoreKey, openStoreKey } from "./unlock.ts"
import { isOlderVault } from "./vault.ts"

/** Loaded where a house counts fewer generations than this device knows. */
const sayingAgain = () => import("./say-again.ts")

export type Here = { readonly account: AccountRecord; readonly store: SealedStore }

export function createDeviceHere(parts: ClientParts, index: () => Index) {
  const { stores, stages, keyBox, crypto } = parts
  const boxName = (user: string) => `${parts.profile}/${user}`
  const drop = (user: string) => keyBox.drop(boxName(user))

  /** Whoever was signed in when the client stopped. */
  const openExisting = async (user: string): Promise<Here | "damaged" | undefined> => {
    const key = await keyBox.load(boxName(user))
    if (!key) return undefined
    const store = sealedStore(await stores.open(user), key, crypto.sealed)
    try {
      const account = await store.get<AccountRecord>(ACCOUNT)
      if (account) return { account, store }
    } catch (error) {
      await store.close()
      if (error instanceof StoreDamaged) return "damaged"
      throw error
    }
    await store.close()
    return undefined
  }

  /** The store that this account left here, if its key opens it and it is in order. */
  const reopen = async (user: string, amks: AccountRecord["amks"]): Promise<Here | undefined> => {
    const raw = await stores.open(user)
    const key = await openStoreKey(raw, crypto, keyBox, boxName(user), amks)
    try {
      const store = key && sealedStore(raw, key, crypto.sealed)
      const account = await store?.get<AccountRecord>(ACCOUNT)
      if (store && account) return { store, account }
    } catch (error) {
      if (!(error instanceof StoreDamaged)) throw error
    }
    await raw.close()
    return undefined
  }

  const freshStore = async (account: AccountRecord): Promise<SealedStore> => {
    await stores.remove(account.user)
    await stages.remove(account.user)
    await index().clearDamaged()
    const raw = await stores.open(account.user)
    const amk = account.amks.at(-1)
    if (!amk) throw new Error("an account without keys")
    const key = await newStoreKey(raw, crypto, keyBox, boxName(account.user), amk)
    const store = sealedStore(raw, key, crypto.sealed)
    await store.write([{ put: ACCOUNT, value: account }], "strict")
    return store
  }

  return {
    openExisting,
    freshStore,
    /** Nothing opens the store any more but the account's own key. */
    drop,
    async forget(user: string): Promise<void> {
      await drop(user)
      await stores.remove(user)
      await stores.forget?.(user)
      await stages.remove(user)
    },
    /**
     * For an account that was just opened: device and store that it left here, or new ones (always, where `anew`). `record` says
     * what is stored at once.
     */
    async settle(
      house: HouseAnswer,
      proved: Proved,
      record: (account: AccountRecord, before?: AccountRecord) => Promise<AccountRecord>,
      anew = false,
    ): Promise<Result<Here & { readonly known: boolean }, Problem>> {
      const { bind } = await import("./login.ts")
      const bearer = createHttp({ ...parts, token: () => proved.session.token })
      const { user, amks, generation } = proved.account
      const before = anew || (await index().damaged()) === user ? undefined : await reopen(user, amks)
      const { vault } = proved.account
      if (before) await noteLife(before.store, before.account, house.incarnation.incarnation)
      const seen = before?.account.vault
      const isBack = seen && vault && isOlderVault(vault, seen)
      if (before && isBack) {
        await before.store.close()
        return err({ kind: "vault_rolled_back" })
      }
      if (before) {
        const fewer = generation < before.account.generation
        // Nothing excuses what the house has less: nothing is signed for it.
        if (fewer && !(await (await sayingAgain()).isRestored(before.store, house.incarnation.incarnation))) {
          await before.store.close()
          return err({ kind: "house_changed" })
        }
        const bound = await bind(bearer, crypto, house, proved, before.account.device)
        let again = bound
        if (bound.ok && fewer) {
          const { boundAgain } = await sayingAgain()
          again = await boundAgain(parts, { proved, house, bearer, here: before, call: bearer }, bound.value)
        }
        if (again.ok) {
          const { lost } = before.account
          const account = await record({ ...(lost && { lost }), ...again.value }, before.account)
          await before.store.write([{ put: ACCOUNT, value: account }], "strict")
          return ok({ account, store: before.store, known: true })
        }
        await before.store.close()
        // What this device knows of the account is not written over by what a house has that knows less.
        if (bound.ok) return again
        if (bound.error.kind === "offline" || bound.error.kind === "rate_limited") return bound
      }
      const bound = await bind(bearer, crypto, house, proved, undefined)
      if (!bound.ok) return bound
      const account = await record(bound.value)
      return ok({ account, store: await freshStore(account), known: false })
    },
  }
}
