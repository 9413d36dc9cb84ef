/** The parts that every browser has, for the worker that hosts the client: what it still needs is said by the caller. */
import { mlsCrypto } from "./crypto/mls-crypto.ts"
import type { ClientParts } from "./parts.ts"
import { systemTimers } from "./platform.ts"
import { type LockManager, webProfileLock } from "./profile-lock.ts"
import { idbStores } from "./store/idb.ts"
import { idbKeyBox } from "./store/key-box.ts"
import { openWebSocket } from "./web-socket.ts"

export type BrowserParts = {
  /** `self.location.origin` */
  readonly origin: string
  /** The account's slot in this browser, from 1. */
  readonly slot: number
  /** `navigator.locks` */
  readonly locks: LockManager
  readonly onBug?: (error: unknown) => void
}

export function browserParts({ origin, slot, locks, onBug }: BrowserParts): ClientParts {
  const name = String(slot)
  return {
    origin,
    profile: name,
    stores: idbStores(name),
    keyBox: idbKeyBox(name),
    lock: webProfileLock(locks),
    crypto: mlsCrypto,
    fetch: (url, init) => fetch(url, init),
    openSocket: openWebSocket,
    clock: Date.now,
    timers: systemTimers,
    jitter: Math.random,
    ...(onBug ? { onBug } : {}),
  }
}
