/**
 * What a commit carries as MLS authenticated_data (RFC 9420 section 6.1): the last position and chain hash its maker
 * had seen (SECURITY R5), and the signed notices that entitle it to remove somebody else's leaf (R4).
 */
import * as z from "zod/mini"
import { position, raw } from "./fields.ts"
import { NOTICE_MAX_BYTES } from "./notice.ts"
import { pack, unpack } from "./pack.ts"

const MAX_PROOFS = 128
const schema = z.strictObject({
  /** {0, 32 zero bytes} before the room's first entry. */
  seen: z.strictObject({ seq: position, hash: raw(32, 32) }),
  proofs: z.array(raw(1, NOTICE_MAX_BYTES)).check(z.maxLength(MAX_PROOFS)),
})
export type CommitData = z.infer<typeof schema>

export const encodeCommitData = (data: CommitData): Uint8Array => pack(data)

export function decodeCommitData(bytes: Uint8Array): CommitData | undefined {
  const value = unpack(bytes, MAX_PROOFS * NOTICE_MAX_BYTES + 256)
  if (!value.ok) return undefined
  const parsed = z.safeParse(schema, value.value)
  return parsed.success ? parsed.data : undefined
}
