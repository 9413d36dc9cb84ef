/** What every content carries, and how a content names another one. */
import { position, raw } from "@teahouse/protocol/fields.ts"
import { idRaw } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"

export const seen = z.object({ seq: position, hash: raw(32, 32) })
export type Seen = z.infer<typeof seen>

/**
 * Where a person's key log stands, as the sender has it from the house, which has signed it (protocol/key-log.ts). In a device's first
 * message in a room, and in the next after its account's log has gone on: its own account's, and those of others in the room.
 */
const keyHead = z.object({
  user: idRaw,
  /** The house's incarnation. */
  life: position,
  position,
  hash: raw(32, 32),
  signature: raw(64, 64),
})
export type KeyHead = z.infer<typeof keyHead>
const KEY_HEADS_MAX = 64

export const core = {
  v: position,
  seen,
  alt: z.optional(z.string().check(z.maxLength(4096))),
  keyHeads: z.optional(z.array(keyHead).check(z.maxLength(KEY_HEADS_MAX))),
  /** Sent again after a restored house had lost it (room/step-back.ts): the number under which this device had sent it first. */
  was: z.optional(position),
}

/**
 * A message of the same room: its place, and its sender's number, so that what was meant for one entry cannot fall on
 * another. Where the entry at `seq` has another `n`, or is not on a device, the content says nothing there.
 */
export const target = z.object({ seq: position, n: position })
export type Target = z.infer<typeof target>

export const MENTIONS_MAX = 64
/** Somebody, or everybody (`all`), named in a text; the place counts UTF-16 code units. */
export const mention = z.object({
  user: z.union([z.literal("all"), idRaw]),
  from: position,
  length: position.check(z.minimum(1)),
})
export type MentionContent = z.infer<typeof mention>
export const mentions = z.optional(z.array(mention).check(z.maxLength(MENTIONS_MAX)))

/** Each lies inside the text. */
export const mentionsFit = (text: string, said: readonly MentionContent[] = []): boolean =>
  said.every(({ from, length }) => from + length <= text.length)

/** Seconds after its entry's time; from then on every client forgets it. */
export const EXPIRES_MAX = 366 * 86_400
export const expires = z.optional(z.int().check(z.minimum(1), z.maximum(EXPIRES_MAX)))

/** Without the empty lines before and the space after; whoever was named stays named. */
export function trimmed<M extends { readonly from: number; readonly length: number }>(
  written: string,
  named: readonly M[] = [],
): { readonly text: string; readonly mentions: readonly M[] } {
  const before = written.length - written.replace(/^\s*\n/, "").length
  const text = written.slice(before).replace(/\s+$/, "")
  const moved = named.map((one) => ({ ...one, from: one.from - before }))
  return {
    text,
    mentions: moved.filter(({ from, length }) => from >= 0 && length > 0 && from + length <= text.length),
  }
}
