/** What between two people was begun and is to go on after a start; what does it is loaded where there is anything. */
import type { SealedStore } from "../store/sealed.ts"

export const ATTEMPTS = "attempt/"
export const ROTATE = "rotate-profile"

export const requestsWait = async (store: SealedStore): Promise<boolean> =>
  (await store.range(ATTEMPTS)).length > 0

export const rotationWaits = async (store: SealedStore): Promise<boolean> =>
  (await store.get<boolean>(ROTATE)) === true
