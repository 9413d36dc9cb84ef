/** What `createClient` is given: the machine, the house's address, and cryptography. */
import type { Crypto } from "./crypto/port.ts"
import type { FileStages } from "./file/stage.ts"
import type { Clock, Fetch, Jitter, OpenSocket, Timers } from "./platform.ts"
import type { ProfileLock } from "./profile-lock.ts"
import type { Pace } from "./room/parts.ts"
import type { SafekeepingPace } from "./safekeeping.ts"
import type { KeyBox } from "./store/key-box.ts"
import type { Stores } from "./store/port.ts"

export type ClientParts = {
  /** "https://house.example", without a slash at the end. */
  readonly origin: string
  /** The slot: what one writer at a time may use. */
  readonly profile: string
  readonly stores: Stores
  readonly keyBox: KeyBox
  /** Where files' ciphertexts lie on this device. */
  readonly stages: FileStages
  /** How much of them is kept for reading offline, bytes. */
  readonly keepBytes?: number
  readonly lock: ProfileLock
  readonly crypto: Crypto
  readonly fetch: Fetch
  readonly openSocket: OpenSocket
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  readonly pace?: Partial<Pace>
  readonly connection?: {
    readonly firstRetryMs?: number
    readonly maxRetryMs?: number
    readonly pingMs?: number
    readonly silenceMs?: number
  }
  /** Read positions go to the notebook at most this often (ms). */
  readonly readEveryMs?: number
  /** What the notebook is, and who is in a room, is said and noted at most this often (ms). */
  readonly beliefEveryMs?: number
  /** What has arrived and was read is said at most this often in a room (ms). */
  readonly receiptEveryMs?: number
  readonly safekeeping?: Partial<SafekeepingPace>
  /** Whoever can run this client has its keys in any case, as in a terminal: an export asks for no password. */
  readonly trusted?: boolean
  /** A bug, never content: for the console. */
  readonly onBug?: (error: unknown) => void
}
