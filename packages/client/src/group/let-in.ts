/**
 * The commit that lets in who asked by a link (admit.ts says when); loaded when somebody asks. Whatever the house says is checked
 * again: the link in one's own state of the policy, its time, the signature, the key package.
 */
import { policyAfter } from "@teahouse/judge/joins.ts"
import { usersOf } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { JoinRequest } from "@teahouse/protocol/http/link.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type JoinProof, joinToSign } from "@teahouse/protocol/join-proof.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Room } from "../crypto/port.ts"
import type { Problem } from "../problem.ts"
import { linkOf } from "./known-links.ts"
import { operate } from "./operate.ts"

/** What holds of a request in the group as it is now; undefined: nothing. */
export async function proofOf(
  { me, crypto, people, clock }: AnswerParts,
  group: Room,
  request: JoinRequest,
): Promise<JoinProof | undefined> {
  const link = linkOf(group, request, clock())
  const { user, keyPackage, signature } = request
  if (!link) return undefined
  const fits = { house: me.house, user, now: clock() }
  const checked = await crypto.device.checkKeyPackage(keyPackage, fits)
  if (!checked.ok) return undefined
  const { ref: keyPackageRef, leaf } = checked.value
  const pinned = people.pinned(user)
  if (pinned && !sameBytes(pinned, leaf.uik)) return undefined
  const signed = joinToSign({ room: group.room, link: link.id, user, uik: leaf.uik, keyPackageRef })
  const good = await crypto.device.verify(link.key, signed, signature)
  return good ? { link: link.id, keyPackageRef, signature } : undefined
}

export function letIn(
  parts: AnswerParts,
  room: Id,
  requests: readonly JoinRequest[],
): Promise<Result<null, Problem>> {
  return operate(parts, room, async (group, policy) => {
    const present = usersOf(group.judged.leaves)
    const absent = requests.filter(({ user }) => !present.has(user) && !policy.bans.includes(user))
    const space = limits.roomDevices - group.judged.leaves.length
    if (absent.length > 0 && space === 0) return err({ kind: "room_full" })
    const add: Uint8Array[] = []
    const joins: JoinProof[] = []
    for (const request of absent.slice(0, Math.min(space, limits.addsPerCommit))) {
      const proof = await proofOf(parts, group, request)
      const uses = policy.links.find(({ id }) => id === proof?.link)?.uses ?? 0
      if (!proof || joins.filter(({ link }) => link === proof.link).length >= uses) continue
      add.push(request.keyPackage)
      joins.push(proof)
    }
    if (joins.length === 0) return ok("reached")
    return ok({ add, joins, policy: policyAfter(policy, joins) })
  })
}
