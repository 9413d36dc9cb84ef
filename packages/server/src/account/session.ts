/** A session's row and what the client is told of it: the token is said once and kept only as its hash. */
import { createHash } from "node:crypto"
import type { Session } from "@teahouse/protocol/http/account.ts"
import { type Id, idBytes, newId } from "@teahouse/protocol/ids.ts"
import type { AccountTables } from "./tables.ts"

/** How long after a proof of the password the account's keys and devices may be changed (SECURITY R2). */
export const FRESH_MS = 5 * 60_000
const DAY_MS = 86_400_000
/** When a session is over whose device was taken away. It stays, so that the device can be told why, whenever it comes. */
export const REVOKED_EXPIRES = 0

/** Tokens are random, so a plain hash keeps them: there is nothing to guess. */
export const tokenHash = (token: Uint8Array): Uint8Array => createHash("sha256").update(token).digest()

export function newSession(
  user: Id,
  device: Id | null,
  house: { now: () => number; random: (length: number) => Uint8Array; limits: { sessionDays: number } },
): { readonly session: Session; readonly row: AccountTables["session"] } {
  const now = house.now()
  const id = newId(house.random)
  const token = house.random(32)
  const expires = now + house.limits.sessionDays * DAY_MS
  return {
    session: { id, token, expires },
    row: {
      id: idBytes(id),
      token_hash: tokenHash(token),
      user_id: idBytes(user),
      device_id: device && idBytes(device),
      created: now,
      fresh_until: now + FRESH_MS,
      expires,
      recovering: 0,
    },
  }
}
