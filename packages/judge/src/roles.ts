/**
 * Who may do what in a room, decided from the state before the commit, the leaves that come and go, and the signed
 * notices that the commit brings (SECURITY R1, R4).
 *
 * Adding    devices of oneself, and devices of anybody on the roster under the same identity key: everybody. They
 *           prove themselves by that key. New people: the policy's `add`, or a link (joins.ts); never somebody banned; never a third person in
 *           a private room or a second one in a self room.
 * Removing  one's own devices: always. Others: the owner anybody, admins plain members. Everybody else needs a notice
 *           `left`, signed by a leaf of that user, which holds for the very leaves whose hashes it names, so that it is of no
 *           use against somebody who has come back since; or `device_revoked`, signed by that user's identity key.
 * Replacing an identity (all old leaves of a user out, new ones with another key in, one commit): the other person of a
 *           private room, or the owner, or an admin where the user is a plain member. Never oneself: whoever holds a
 *           device but not the account must not be able to take the account's place.
 * Policy    private and self rooms: never. Groups: the owner everything but kind and users; admins everything but
 *           kind, users, owner and admins. Who gets a role must be in the room.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodeNotice, type Notice } from "@teahouse/protocol/notice.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { type Joined, takesUses } from "./joins.ts"
import type { JudgeReason } from "./reasons.ts"
import { type Leaf, leafHash, type RoomState, usersOf } from "./state.ts"

export type Movement = {
  readonly by: Leaf
  readonly external: boolean
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
  readonly after: readonly Leaf[]
  /** undefined: unchanged */
  readonly policy: RoomPolicy | undefined
  readonly proofs: readonly Uint8Array[]
  /** Those of `added` whom a link lets in; their requests hold. */
  readonly joined: readonly Joined[]
  /** Who was there in the room's generation before. */
  readonly readmitted?: ReadonlySet<Id>
}

/** The removed leaves that only a notice allows, where everything is allowed. */
export async function judgeMovement(
  state: RoomState,
  move: Movement,
): Promise<Result<{ readonly proven: readonly Leaf[] }, JudgeReason>> {
  const before = usersOf(state.leaves)
  if (move.external) {
    const reason = externalForbidden(state, move, before)
    return reason ? err(reason) : ok({ proven: [] })
  }
  if (!policyFits(state.policy, move)) return err("policy_forbidden")
  const invited = new Set(move.joined.map((one) => one.user))
  const replaced = replacedUsers(state, move)
  for (const user of replaced)
    if (!mayReplace(state.policy, move.by.user, user)) return err("identity_change")
  const known = move.readmitted ? new Set([...before, ...move.readmitted]) : before
  for (const leaf of move.added) {
    const reason = addForbidden(
      move.policy ?? state.policy,
      state.policy,
      move.by.user,
      leaf.user,
      known,
      invited,
    )
    if (reason) return err(reason)
  }
  const others = move.removed.filter(
    (leaf) => !replaced.has(leaf.user) && !mayRemove(state.policy, move.by.user, leaf.user),
  )
  if (others.length === 0) return ok({ proven: [] })
  const proven = await provenRemovals(state, move.proofs)
  return others.every(proven) ? ok({ proven: others }) : err("remove_forbidden")
}

/** An external commit is for coming (back) as oneself: at most one removal, of the very same device. */
function externalForbidden(
  state: RoomState,
  move: Movement,
  before: ReadonlySet<Id>,
): JudgeReason | undefined {
  const { by, removed } = move
  if (!before.has(by.user)) return "external_forbidden"
  if (removed.some((l) => l.user !== by.user || l.device !== by.device)) return "external_forbidden"
  // Also where the replaced leaf was the user's only one: coming back under another identity is a matter for others.
  const strange = state.leaves.some((l) => l.user === by.user && !sameBytes(l.uik, by.uik))
  return strange ? "identity_change" : undefined
}

function addForbidden(
  policy: RoomPolicy,
  old: RoomPolicy,
  by: Id,
  user: Id,
  before: ReadonlySet<Id>,
  invited: ReadonlySet<Id>,
): JudgeReason | undefined {
  if (policy.kind !== "group") return policy.users.includes(user) ? undefined : "not_in_room"
  if (policy.bans.includes(user)) return "add_forbidden"
  if (before.has(user) || invited.has(user)) return undefined
  return old.add === "everyone" || roleOf(old, by) !== "member" ? undefined : "add_forbidden"
}

function mayRemove(policy: RoomPolicy, by: Id, user: Id): boolean {
  if (by === user) return true
  if (policy.kind !== "group") return false
  const role = roleOf(policy, by)
  return role === "owner" || (role === "admin" && roleOf(policy, user) === "member")
}

const mayReplace = (policy: RoomPolicy, by: Id, user: Id): boolean =>
  by !== user && (policy.kind === "direct" || mayRemove(policy, by, user))

/** Users on both rosters whose identity key is not the same. One key a user holds within each (identity.ts). */
function replacedUsers(state: RoomState, move: Movement): ReadonlySet<Id> {
  const old = new Map(state.leaves.map((l) => [l.user, l.uik]))
  const out = new Set<Id>()
  for (const leaf of move.added) {
    const uik = old.get(leaf.user)
    if (uik && !sameBytes(uik, leaf.uik)) out.add(leaf.user)
  }
  return out
}

/** Where a link lets somebody in, the policy changes by that alone. */
function policyFits(old: RoomPolicy, move: Movement): boolean {
  if (move.joined.length > 0) return takesUses(old, move.policy, move.joined)
  return !move.policy || mayChangePolicy(old, move.policy, move)
}

function mayChangePolicy(old: RoomPolicy, next: RoomPolicy, move: Movement): boolean {
  if (old.kind !== "group" || next.kind !== "group") return false
  const role = roleOf(old, move.by.user)
  if (role === "member") return false
  const newRoles = [next.owner, ...next.admins].filter(
    (user) => user !== null && roleOf(old, user) === "member",
  )
  const present = usersOf(move.after)
  if (newRoles.some((user) => user !== null && !present.has(user))) return false
  const sameRoles =
    next.owner === old.owner &&
    next.admins.length === old.admins.length &&
    next.admins.every((user) => old.admins.includes(user))
  return role === "owner" || sameRoles
}

/** Which leaves somebody asked to have removed. Of one user: nobody leaves for somebody else or revokes a device of theirs. */
async function provenRemovals(
  state: RoomState,
  proofs: readonly Uint8Array[],
): Promise<(leaf: Leaf) => boolean> {
  const proven = new Set<Leaf>()
  for (const proof of proofs) {
    const notice = decodeNotice(state, proof)
    if (!notice || !("user" in notice.change)) continue
    const { user } = notice.change
    const theirs = state.leaves.filter((leaf) => leaf.user === user)
    for (const leaf of await askedToGo(state, theirs, notice)) proven.add(leaf)
  }
  return (leaf) => proven.has(leaf)
}

async function askedToGo(
  state: RoomState,
  theirs: readonly Leaf[],
  { change, signature, signed }: Notice,
): Promise<readonly Leaf[]> {
  if (change.kind === "device_revoked") {
    const lost = theirs.find((leaf) => leaf.device === change.device)
    return lost && (await verifyEd25519(lost.uik, signature, signed)) ? [lost] : []
  }
  if (change.kind !== "left") return []
  let known = false
  for (const leaf of theirs) known ||= await verifyEd25519(leaf.signatureKey, signature, signed)
  if (!known) return []
  return theirs.filter((leaf) => {
    const hash = leafHash(state, leaf.leaf)
    return hash !== undefined && change.leaves.some((named) => sameBytes(named, hash))
  })
}
