/**
 * A device is the account's no more. Signed by the account's identity key, so that no house can take a device away by itself:
 * whoever is in a room with it removes its leaf on the strength of this alone (notice.ts).
 */
import { concat } from "./bytes.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"

export const revocationBytes = (house: Id, user: Id, device: Id): Uint8Array =>
  concat(labels.revocation, idBytes(house), idBytes(user), idBytes(device))
