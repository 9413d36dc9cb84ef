/**
 * A room's next generation (SECURITY R3): a fresh MLS group in place of one that some of its members can follow no more. One
 * entry holds all of it, so that whoever reads it can judge it and come in with nothing else:
 *
 *   body = MessagePack {opening, commit, groupInfo, welcome?}
 *
 * `opening`: MLSMessage mls_group_info of epoch 0, its maker alone, as a new room's first entry. `commit`: the commit to epoch
 * 1, which adds the others; its authenticated data names the last position and chain hash of the generation before, and with
 * them everything that was agreed on until then. `groupInfo`: MLSMessage mls_group_info of epoch 1. `welcome`: for everybody
 * whom the commit adds; absent where it adds nobody.
 */
import * as z from "zod/mini"
import { raw } from "./fields.ts"
import { limits } from "./limits.ts"
import { pack, unpack } from "./pack.ts"

const mls = raw(1, limits.commitRequestBytes)
const schema = z.strictObject({
  opening: mls,
  commit: mls,
  groupInfo: mls,
  welcome: z.optional(mls),
})
export type NextGeneration = z.infer<typeof schema>

/** One form for the same parts: whoever made it finds it again in the log by its bytes. */
export const encodeGeneration = ({ opening, commit, groupInfo, welcome }: NextGeneration): Uint8Array =>
  pack({ opening, commit, groupInfo, ...(welcome ? { welcome } : {}) })

export function decodeGeneration(body: Uint8Array): NextGeneration | undefined {
  const value = unpack(body, limits.commitRequestBytes)
  if (!value.ok) return undefined
  const parsed = z.safeParse(schema, value.value)
  return parsed.success ? parsed.data : undefined
}
