/**
 * Asking a room for the part of its past that this device cannot have by itself, and answering (docs/decisions/21). Neither is
 * a message: they are shown, counted and searched nowhere, and a reader that does not know them passes them over.
 */
import { count, position, raw } from "@teahouse/protocol/fields.ts"
import { idRaw, idText } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"
import { core } from "./core.ts"

export const RANGES_MAX = 64
export const EXCEPT_MAX = 16
/** Bytes of one sealed page. */
export const PAGE_MAX = 8 * 1024 * 1024

/** Positions, both ends included. */
const range = z.object({ from: position, to: position })
export type Range = z.infer<typeof range>
const ranges = z.array(range).check(z.maxLength(RANGES_MAX))

/**
 * `key`: X25519, of this one device and for nothing else; pages are sealed to it. `except`: whose answer did not hold. A later
 * request under the same key takes the place of the one before; without ranges it says that all is there.
 */
export const pastRequest = z.object({
  ...core,
  kind: z.literal("pastRequest"),
  key: raw(32, 32),
  ranges,
  except: z.array(idRaw).check(z.maxLength(EXCEPT_MAX)),
})

/** `request`: the position of what it answers. `ranges`: what the asker need not wait for any more. `page`: what there is of it. */
export const pastOffer = z.object({
  ...core,
  kind: z.literal("pastOffer"),
  request: position,
  ranges,
  page: z.optional(
    z.object({
      blob: idText,
      token: raw(16, 16),
      size: count.check(z.minimum(1), z.maximum(PAGE_MAX)),
    }),
  ),
})
export type Page = NonNullable<z.infer<typeof pastOffer>["page"]>
