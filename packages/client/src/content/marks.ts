/** What is said about a message without being one. All of these are quiet: without `alt`, an older reader shows nothing. */
import { position } from "@teahouse/protocol/fields.ts"
import * as z from "zod/mini"
import { core, EXPIRES_MAX, target } from "./core.ts"

export const EMOJI_BYTES = 32
export const reaction = z.object({
  ...core,
  kind: z.literal("reaction"),
  of: target,
  emoji: z.string().check(z.minLength(1), z.maxLength(EMOJI_BYTES)),
  on: z.boolean(),
})

export const pin = z.object({ ...core, kind: z.literal("pin"), of: target, on: z.boolean() })

/** Positions up to which this person's devices have the log, and up to which the person has read it. */
export const receipt = z.object({
  ...core,
  kind: z.literal("receipt"),
  delivered: position,
  read: z.optional(position),
})

/** Messages disappear after so many seconds; 0: they stay. It holds for what is sent from then on. */
export const timer = z.object({
  ...core,
  kind: z.literal("timer"),
  seconds: z.int().check(z.minimum(0), z.maximum(EXPIRES_MAX)),
})

/** Told apart by what makes it a picture: a letter or a digit alone is none. */
const pictured = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u
const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })

/** One emoji and nothing else. */
export function isEmoji(text: string): boolean {
  if (text.length === 0 || text.length > EMOJI_BYTES || !pictured.test(text)) return false
  let count = 0
  for (const _ of graphemes.segment(text)) if (++count > 1) return false
  return true
}
