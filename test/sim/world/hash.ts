/** SHA-256 of the machine: the worlds hash a few hundred million bytes. */
import { hash } from "node:crypto"
import type { Sha256 } from "@teahouse/protocol/hash.ts"

export const chainHash: Sha256 = (bytes) => new Uint8Array(hash("sha256", bytes, "buffer"))
