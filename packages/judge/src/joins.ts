/**
 * People whom a join link lets in (SECURITY "Links"; protocol/join-proof.ts): whether the requests that a commit brings hold
 * for what it adds, and what the policy must be afterwards.
 *
 * A request holds for one new person, under the identity key and with the key package that it names, by a link of the policy
 * before. It takes one of the link's uses, in the same commit, whoever commits: so the policy after it is given to the byte,
 * and a plain member may make this one change. A link with approval is for owner and admins to answer. When a link expires,
 * only house and committer look: members whose clocks differ must not disagree about a commit.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type JoinProof, joinToSign } from "@teahouse/protocol/join-proof.ts"
import { encodePolicy, type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import type { JudgeReason } from "./reasons.ts"
import { type Leaf, type RoomState, usersOf } from "./state.ts"

/** A leaf that an add brings, with the reference of its key package. */
export type Added = { readonly leaf: Leaf; readonly keyPackageRef: Uint8Array }

export type Joined = { readonly user: Id; readonly device: Id; readonly link: Id }

export async function judgeJoins(
  { room, policy, leaves }: RoomState,
  by: Id,
  added: readonly Added[],
  proofs: readonly JoinProof[],
): Promise<Result<readonly Joined[], JudgeReason>> {
  const before = usersOf(leaves)
  const joined: Joined[] = []
  for (const { link: id, keyPackageRef, signature } of proofs) {
    const link = policy.links.find((one) => one.id === id)
    const leaf = added.find((one) => sameBytes(one.keyPackageRef, keyPackageRef))?.leaf
    if (!link || !leaf || before.has(leaf.user)) return err("join_forbidden")
    if (joined.some((one) => one.user === leaf.user)) return err("join_forbidden")
    if (link.approval && roleOf(policy, by) === "member") return err("join_forbidden")
    const { user, uik, device } = leaf
    const signed = joinToSign({ room, link: id, user, uik, keyPackageRef })
    if (!(await verifyEd25519(link.key, signature, signed))) return err("join_forbidden")
    joined.push({ user, device, link: id })
  }
  const over = policy.links.some(({ id, uses }) => joined.filter((one) => one.link === id).length > uses)
  return over ? err("join_forbidden") : ok(joined)
}

/** The old policy with the uses that these people have taken. */
export const policyAfter = (policy: RoomPolicy, joined: readonly Pick<Joined, "link">[]): RoomPolicy => ({
  ...policy,
  links: policy.links.map((link) => ({
    ...link,
    uses: link.uses - joined.filter((one) => one.link === link.id).length,
  })),
})

export const takesUses = (
  old: RoomPolicy,
  next: RoomPolicy | undefined,
  joined: readonly Joined[],
): boolean => next !== undefined && sameBytes(encodePolicy(next), encodePolicy(policyAfter(old, joined)))
