/**
 * Logins between their two requests. A login is taken out when it is finished, rightly or wrongly, so that one start
 * allows one guess; it lives long enough for a slow telephone to stretch a password and no longer.
 */
import type { Id } from "@teahouse/protocol/ids.ts"

/** `known` is false where the name is nobody's: the finish then fails like a wrong password. */
export type PendingLogin = { readonly user: Id; readonly known: boolean; readonly state: string }

const LIFE_MS = 2 * 60_000
/** About 10 MB. Above it the oldest go; the address limits make that expensive to provoke. */
const MAX = 20_000

export type Logins = {
  put(login: Id, pending: PendingLogin): void
  take(login: Id): PendingLogin | undefined
}

export function createLogins(now: () => number): Logins {
  const waiting = new Map<Id, PendingLogin & { readonly until: number }>()
  return {
    put(login, pending) {
      // Insertion order is order of age: everything that is over stands at the front.
      for (const [id, { until }] of waiting) {
        if (until > now() && waiting.size < MAX) break
        waiting.delete(id)
      }
      waiting.set(login, { ...pending, until: now() + LIFE_MS })
    },
    take(login) {
      const found = waiting.get(login)
      waiting.delete(login)
      return found && found.until > now() ? found : undefined
    },
  }
}
