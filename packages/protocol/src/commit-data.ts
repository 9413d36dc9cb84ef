/**
 * What a commit carries as MLS authenticated_data (RFC 9420 section 6.1): the last position and chain hash its maker
 * had seen (SECURITY R5), the signed notices that entitle it to remove somebody else's leaf (R4), and the join requests by
 * which it adds people whom a link lets in.
 */
import * as z from "zod/mini"
import { position, raw } from "./fields.ts"
import { idBytes } from "./ids.ts"
import { joinProof } from "./join-proof.ts"
import { limits } from "./limits.ts"
import { NOTICE_MAX_BYTES } from "./notice.ts"
import { pack, unpack } from "./pack.ts"

const MAX_PROOFS = 128
const schema = z.strictObject({
  /** {0, 32 zero bytes} before the room's first entry. */
  seen: z.strictObject({ seq: position, hash: raw(32, 32) }),
  proofs: z.array(raw(1, NOTICE_MAX_BYTES)).check(z.maxLength(MAX_PROOFS)),
  /** Absent where there is none, and never empty: the same commit has one form. */
  joins: z.optional(z.array(joinProof).check(z.minLength(1), z.maxLength(limits.addsPerCommit))),
})
export type CommitData = z.infer<typeof schema>

export const encodeCommitData = ({ seen, proofs, joins }: CommitData): Uint8Array =>
  pack({
    seen,
    proofs,
    ...(joins ? { joins: joins.map((one) => ({ ...one, link: idBytes(one.link) })) } : {}),
  })

export function decodeCommitData(bytes: Uint8Array): CommitData | undefined {
  const value = unpack(bytes, MAX_PROOFS * NOTICE_MAX_BYTES + limits.addsPerCommit * 256 + 256)
  if (!value.ok) return undefined
  const parsed = z.safeDecode(schema, value.value as z.input<typeof schema>)
  return parsed.success ? parsed.data : undefined
}
