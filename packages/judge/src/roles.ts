/**
 * Who may do what in a room, decided from the state before the commit, the leaves that come and go, and the signed
 * notices that the commit brings (SECURITY R1, R4).
 *
 * Adding    devices of oneself, and devices of anybody on the roster under the same identity key: everybody. They
 *           prove themselves by that key. New people: the policy's `add`; never somebody banned; never a third person in
 *           a private room or a second one in a self room.
 * Removing  one's own devices: always. Others: the owner anybody, admins plain members. Everybody else needs a notice
 *           signed by a leaf of that user: `left`, or `device_revoked` naming that device.
 * Replacing an identity (all old leaves of a user out, new ones with another key in, one commit): the other person of a
 *           private room, or the owner, or an admin where the user is a plain member. Never oneself: whoever holds a
 *           device but not the account must not be able to take the account's place.
 * Policy    private and self rooms: never. Groups: the owner everything but kind and users; admins everything but
 *           kind, users, owner and admins. Who gets a role must be in the room.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodeNotice } from "@teahouse/protocol/notice.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import type { JudgeReason } from "./reasons.ts"
import { type Leaf, type RoomState, usersOf } from "./state.ts"

export type Movement = {
  readonly by: Leaf
  readonly external: boolean
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
  readonly after: readonly Leaf[]
  /** undefined: unchanged */
  readonly policy: RoomPolicy | undefined
  readonly proofs: readonly Uint8Array[]
}

export async function forbidden(state: RoomState, move: Movement): Promise<JudgeReason | undefined> {
  const before = usersOf(state.leaves)
  if (move.external) return externalForbidden(state, move, before)
  if (move.policy && !mayChangePolicy(state.policy, move.policy, move)) return "policy_forbidden"
  const replaced = replacedUsers(state, move)
  for (const user of replaced) if (!mayReplace(state.policy, move.by.user, user)) return "identity_change"
  for (const leaf of move.added) {
    const reason = addForbidden(move.policy ?? state.policy, state.policy, move.by.user, leaf.user, before)
    if (reason) return reason
  }
  const proven = await provenRemovals(state, move)
  for (const leaf of move.removed) {
    const free = replaced.has(leaf.user) || mayRemove(state.policy, move.by.user, leaf.user) || proven(leaf)
    if (!free) return "remove_forbidden"
  }
  return undefined
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
): JudgeReason | undefined {
  if (policy.kind !== "group") return policy.users.includes(user) ? undefined : "not_in_room"
  if (policy.bans.includes(user)) return "add_forbidden"
  if (before.has(user)) return undefined
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

/** Which leaves somebody asked to have removed, in words signed by a leaf of the same user in the old tree. */
async function provenRemovals(state: RoomState, move: Movement): Promise<(leaf: Leaf) => boolean> {
  const users = new Set<Id>()
  const devices = new Set<string>()
  for (const proof of move.proofs) {
    const notice = decodeNotice(state.room, proof)
    if (notice?.change.kind !== "left" && notice?.change.kind !== "device_revoked") continue
    const { change } = notice
    for (const leaf of state.leaves) {
      if (leaf.user !== change.user) continue
      if (!(await verifyEd25519(leaf.signatureKey, notice.signature, notice.signed))) continue
      if (change.kind === "left") users.add(change.user)
      // With the user: nobody revokes a device of somebody else.
      else devices.add(`${change.user}/${change.device}`)
      break
    }
  }
  return (leaf) => users.has(leaf.user) || devices.has(`${leaf.user}/${leaf.device}`)
}
