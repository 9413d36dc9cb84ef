/** SHA-256, synchronous: positions are hashed one after another, and a promise for each would cost more than the hash. */
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js"

export type Sha256 = (bytes: Uint8Array) => Uint8Array
export const sha256: Sha256 = nobleSha256
