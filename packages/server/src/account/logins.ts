/**
 * Logins between their two requests. A login is taken out when it is finished, rightly or wrongly, so that one start
 * allows one guess; it lives long enough for a slow telephone to stretch a password and no longer.
 */
import type { Id } from "@teahouse/protocol/ids.ts"

type Pending = {
  readonly user: Id
  /** Of the vault when it began: who begins with a password that is changed meanwhile does not get in with it. */
  readonly version: number
  /** False where the name is nobody's: the finish then fails like a wrong password. */
  readonly known: boolean
}
export type PendingLogin = Pending & { readonly state: string }
/** Signing in with the recovery code; for a stranger `key` is anybody's. */
export type PendingRecovery = Pending & { readonly nonce: Uint8Array; readonly key: Uint8Array }

const LIFE_MS = 2 * 60_000
/** About 10 MB. Above it the oldest go; the address limits make that expensive to provoke. */
const MAX = 20_000

export type Logins<P = PendingLogin> = {
  put(login: Id, pending: P): void
  take(login: Id): P | undefined
}

export function createLogins<P = PendingLogin>(now: () => number): Logins<P> {
  const waiting = new Map<Id, { readonly pending: P; readonly until: number }>()
  return {
    put(login, pending) {
      // Insertion order is order of age: everything that is over stands at the front.
      for (const [id, { until }] of waiting) {
        if (until > now() && waiting.size < MAX) break
        waiting.delete(id)
      }
      waiting.set(login, { pending, until: now() + LIFE_MS })
    },
    take(login) {
      const found = waiting.get(login)
      waiting.delete(login)
      return found && found.until > now() ? found.pending : undefined
    },
  }
}
