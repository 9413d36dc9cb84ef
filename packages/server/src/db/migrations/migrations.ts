/** In the order in which they are applied. A published one is never changed: a correction is a new one. */
import { accounts } from "./0001-accounts.ts"
import { rooms } from "./0002-rooms.ts"

export type Migration = { readonly id: number; readonly name: string; readonly statements: readonly string[] }

export const migrations: readonly Migration[] = [
  { id: 1, name: "accounts", statements: accounts },
  { id: 2, name: "rooms", statements: rooms },
]
