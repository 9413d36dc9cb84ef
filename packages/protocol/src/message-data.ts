/**
 * What a message carries as MLS authenticated_data: the place it was made for. A receiver compares it with the entry's
 * envelope, so that a server can neither move a message to another room nor give it another sender or number.
 */
import { concat, u32, u64 } from "./bytes.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"

export const messageData = (room: Id, generation: number, device: Id, n: number): Uint8Array =>
  concat(labels.message, idBytes(room), u32(generation), idBytes(device), u64(n))
