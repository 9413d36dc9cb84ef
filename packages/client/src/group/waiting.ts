/** What of groups was begun and is to go on after a start; what does it is loaded where there is anything. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { keys } from "../room/records.ts"
import type { SealedStore } from "../store/sealed.ts"

export const ATTEMPTS = keys.attempt("" as Id)
export const GROWTH = "group-growth/"
export const JOINING = "joining/"

export const groupsWait = async (store: SealedStore): Promise<boolean> =>
  (await store.range(ATTEMPTS)).length + (await store.range(GROWTH)).length > 0

/** Whether one waits at a door. */
export const joinsWait = async (store: SealedStore): Promise<boolean> =>
  (await store.range(JOINING)).length > 0
