/**
 * What is said off the log and never kept: somebody types, somebody is here. Sealed under a key of the room's epoch
 * (crypto/mls/epoch.ts); the sender is the device that the frame names, and its seal proves it. Unknown kinds are ignored.
 */
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"

export const ephemeral = z.object({ v: z.literal(1), kind: z.enum(["typing", "here"]), on: z.boolean() })
export type Ephemeral = z.infer<typeof ephemeral>

export const encodeEphemeral = (said: Omit<Ephemeral, "v">): Uint8Array => pack({ v: 1, ...said })

export function decodeEphemeral(bytes: Uint8Array): Ephemeral | undefined {
  const value = unpack(bytes, 4096)
  const parsed = value.ok ? z.safeParse(ephemeral, value.value) : undefined
  return parsed?.success ? parsed.data : undefined
}
