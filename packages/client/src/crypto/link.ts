/**
 * What follows from a join link's secret (SECURITY "Links"): 128 random bits that stand in the URL's fragment only. HKDF with a
 * label for each use gives the link's id, by which the house finds it, the Ed25519 key that signs requests, and the key under
 * which the preview is sealed. All are bound to the room, so that one secret in two rooms is two links.
 */
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { derive, ed25519From } from "./keys.ts"
import type { LinkKeys } from "./port.ts"

export function linkKeys(room: Id, secret: Uint8Array): LinkKeys {
  const bound = idBytes(room)
  return {
    id: idFrom(derive(secret, "join link id", bound, 16)),
    signature: ed25519From(derive(secret, "join link key", bound)),
    preview: derive(secret, "join link preview", bound),
  }
}
