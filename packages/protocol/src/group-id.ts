/** The MLS group id of a room's generation: derived, so that no group can be passed off as another room's. */
import { concat, u32 } from "./bytes.ts"
import { sha256 } from "./hash.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"

/** 32 bytes. */
export const groupId = (room: Id, generation: number): Uint8Array =>
  sha256(concat(labels.groupId, idBytes(room), u32(generation)))
