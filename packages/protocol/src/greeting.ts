/** What a device signs to show that it holds its key: when a socket opens, and when it binds itself to a session. */
import { concat } from "./bytes.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"

/** `nonce`: 32 bytes, the server's, fresh for each socket. */
export const greetingBytes = (house: Id, nonce: Uint8Array, session: Id): Uint8Array =>
  concat(labels.greeting, idBytes(house), nonce, idBytes(session))

export const bindBytes = (house: Id, session: Id, device: Id): Uint8Array =>
  concat(labels.bind, idBytes(house), idBytes(session), idBytes(device))
