/** Something written: the text, whom it names, what it answers. */

import { idRaw } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import * as z from "zod/mini"
import { core, expires, mentions, target } from "./core.ts"

export const QUOTE_MAX = 200

/**
 * What a message answers. Who sees the answer and has the message shows the message; `user` and `text` are for those who came
 * after it, and are no proof that it was ever said.
 */
export const reply = z.object({
  ...target.shape,
  user: idRaw,
  text: z.string().check(z.maxLength(QUOTE_MAX)),
  /** What it was, where a screen has a word for it. */
  sticker: z.optional(z.literal(true)),
  bundle: z.optional(z.literal(true)),
})
export type ReplyContent = z.infer<typeof reply>

const words = z.string().check(z.minLength(1), z.maxLength(limits.textBytes))

export const text = z.object({
  ...core,
  kind: z.literal("text"),
  text: words,
  mentions,
  reply: z.optional(reply),
  /** It was written elsewhere and brought here. */
  forwarded: z.optional(z.literal(true)),
  expires,
})

/** One's own text anew, within a day. */
export const edit = z.object({ ...core, kind: z.literal("edit"), of: target, text: words, mentions })

/** 撤回, one's own, within minutes. */
export const recall = z.object({ ...core, kind: z.literal("recall"), of: target })
