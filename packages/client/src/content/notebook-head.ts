/**
 * Which notebook a device of the account was given, said to the others in the room with oneself (docs/decisions/37). It is no message, and
 * is not kept in the history.
 */
import { position, raw } from "@teahouse/protocol/fields.ts"
import * as z from "zod/mini"
import { core } from "./core.ts"

/** `life`: of the house (SECURITY R5). `counter`, `hash`: notebook/head.ts. */
export const notebookHead = z.object({
  ...core,
  kind: z.literal("notebookHead"),
  life: position,
  counter: position,
  hash: raw(32, 32),
})
