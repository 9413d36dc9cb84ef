/** A poll, its votes, its end. A vote replaces one's earlier one; an empty one takes it back. */
import { count } from "@teahouse/protocol/fields.ts"
import * as z from "zod/mini"
import { core, expires, target } from "./core.ts"

export const QUESTION_MAX = 300
export const OPTION_MAX = 100
export const OPTIONS_MIN = 2
export const OPTIONS_MAX = 20

export const poll = z.object({
  ...core,
  kind: z.literal("poll"),
  question: z.string().check(z.minLength(1), z.maxLength(QUESTION_MAX)),
  options: z
    .array(z.string().check(z.minLength(1), z.maxLength(OPTION_MAX)))
    .check(z.minLength(OPTIONS_MIN), z.maxLength(OPTIONS_MAX)),
  multiple: z.boolean(),
  expires,
})

/** Numbers of options, from 0. */
export const vote = z.object({
  ...core,
  kind: z.literal("vote"),
  of: target,
  choices: z.array(count.check(z.maximum(OPTIONS_MAX - 1))).check(z.maxLength(OPTIONS_MAX)),
})

export const pollEnd = z.object({ ...core, kind: z.literal("pollEnd"), of: target })
