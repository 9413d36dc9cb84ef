/** After adopting a commit a device attests what it sees, so that a joiner need not take the server's word (SECURITY R3). */
import * as z from "zod/mini"
import { concat, u32, u64 } from "./bytes.ts"
import { base64, hash32, position, signature64 } from "./fields.ts"
import { type Id, idBytes, idText } from "./ids.ts"
import { labels } from "./labels.ts"

export const attestation = z.strictObject({
  device: idText,
  generation: position,
  epoch: position,
  /** SHA-256 of the encoded GroupContext. */
  context: hash32,
  confirmationTag: base64(1, 64),
  externalPub: base64(1, 256),
  /** By the device, over `attestationBytes`. */
  signature: signature64,
})
export type Attestation = z.infer<typeof attestation>

export const attestationBytes = (room: Id, a: Omit<Attestation, "signature" | "device">): Uint8Array =>
  concat(
    labels.attestation,
    idBytes(room),
    u32(a.generation),
    u64(a.epoch),
    a.context,
    Uint8Array.of(a.confirmationTag.length),
    a.confirmationTag,
    u32(a.externalPub.length),
    a.externalPub,
  )
