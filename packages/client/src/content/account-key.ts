/**
 * What the devices of one account say to each other in the room with oneself: a new account key, when a device was taken away,
 * and that one lacks (docs/decisions/20). Neither is a message, and neither is kept in the history.
 */
import { position, raw } from "@teahouse/protocol/fields.ts"
import { idRaw } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"
import { core } from "./core.ts"

export const LOST_MAX = 256

/** `signature`: by the identity key. `lost`: the devices for whose sake this and earlier generations have begun. */
export const accountKey = z.object({
  ...core,
  kind: z.literal("accountKey"),
  generation: position,
  key: raw(32, 32),
  signature: raw(64, 64),
  lost: z.array(idRaw).check(z.maxLength(LOST_MAX)),
})

/** `generation`: of the newest that its sender has. */
export const accountKeyWanted = z.object({
  ...core,
  kind: z.literal("accountKeyWanted"),
  generation: position,
})
