/**
 * What is signed to show that one holds a key: a device's, when a socket opens and when it binds itself to a session; the
 * recovery code's, to sign in without the password.
 */
import { concat } from "./bytes.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"

/** `nonce`: 32 bytes, the server's, fresh for each socket. */
export const greetingBytes = (house: Id, nonce: Uint8Array, session: Id): Uint8Array =>
  concat(labels.greeting, idBytes(house), nonce, idBytes(session))

export const bindBytes = (house: Id, session: Id, device: Id): Uint8Array =>
  concat(labels.bind, idBytes(house), idBytes(session), idBytes(device))

/** `challenge` and `nonce` (32 bytes) are the house's, good for one attempt. */
export const recoveryBytes = (house: Id, user: Id, challenge: Id, nonce: Uint8Array): Uint8Array =>
  concat(labels.recovery, idBytes(house), idBytes(user), idBytes(challenge), nonce)
