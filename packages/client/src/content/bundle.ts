/**
 * Several messages forwarded as one. Names, times and texts are what the forwarding person's device wrote: like anything
 * that is retold they prove nothing, and are shown as retold.
 */
import { time } from "@teahouse/protocol/fields.ts"
import * as z from "zod/mini"
import { core, expires } from "./core.ts"
import { anyFile } from "./file.ts"

export const BUNDLE_MAX = 100
export const TITLE_MAX = 100
/** Of one of its texts, in characters; the whole is bounded by what a message may weigh. */
export const BUNDLE_TEXT_MAX = 64 * 1024

export const bundle = z.object({
  ...core,
  kind: z.literal("bundle"),
  title: z.string().check(z.maxLength(TITLE_MAX)),
  items: z
    .array(
      z.object({
        name: z.string().check(z.maxLength(64)),
        at: time,
        text: z.string().check(z.maxLength(BUNDLE_TEXT_MAX)),
        /** It was a sticker, for which a screen has a word; its picture would not fit beside the others. */
        sticker: z.optional(z.literal(true)),
        /** The same ciphertext and key as where it was forwarded from. */
        file: z.optional(anyFile),
      }),
    )
    .check(z.minLength(1), z.maxLength(BUNDLE_MAX)),
  expires,
})
