/** One place in a room's log, as everybody sees it. */
import * as z from "zod/mini"
import { position, raw, time } from "./fields.ts"
import { idRaw } from "./ids.ts"
import { limits } from "./limits.ts"

/** `generation`: a fresh group in place of the one before (generation.ts); all others belong to a group that is there. */
export const entryKinds = { message: 0, commit: 1, notice: 2, generation: 3 } as const
export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds]

export const entryKind = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])

/** The body may be gone (recalled, expired); its hash never is, so the chain stays checkable. */
export const entry = z.strictObject({
  seq: position,
  generation: position,
  kind: entryKind,
  /** The device that posted it, known from its connection. */
  device: idRaw,
  /** That device's number in this room, rising; (room, device, n) is the entry's id. */
  n: position,
  time,
  body: z.nullable(raw(0, limits.commitRequestBytes)),
  /** SHA-256 of the body; present only where the body is gone. */
  bodyHash: z.optional(raw(32, 32)),
  /** The chain up to and including this entry (chain.ts). */
  hash: raw(32, 32),
})
export type Entry = z.infer<typeof entry>
