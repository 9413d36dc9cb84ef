/**
 * In which life of the house (SECURITY R5) a store stands. It is the store's own: the pin beside it belongs to the profile and is
 * raised whenever a house is asked, also where nobody is signed in, so it hides a restoration that the store has not heeded
 * (new-life.ts). An account says in which life its vault was opened, and one from before that is as its notebook was compared.
 */
import type { SealedStore } from "../store/sealed.ts"
import type { AccountRecord } from "./records.ts"

/** The newest one that the house has proved to this store. */
export const LIFE = "life"
/** The one that the store began in. */
export const FIRST_LIFE = "life/first"
/** In which the notebook's mirror was compared with the house last. */
export const NOTEBOOK_LIFE = "notebook/life"

/** Before the account is written anew, or anything looks at the store's life. `pinned`: of a store that says nothing of it. */
export async function noteLife(store: SealedStore, { vault }: AccountRecord, pinned: number): Promise<void> {
  if ((await store.get<number>(LIFE)) !== undefined) return
  const life = vault?.life ?? (await store.get<number>(NOTEBOOK_LIFE)) ?? pinned
  const known = (await store.get<number>(FIRST_LIFE)) !== undefined
  await store.write([{ put: LIFE, value: life }, ...(known ? [] : [{ put: FIRST_LIFE, value: life }])])
}
