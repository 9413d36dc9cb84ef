/** Who is to be removed because they asked for it (SECURITY R4: a notice, signed by a leaf of the same user). */
import { type Leaf, leafHash } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Change } from "@teahouse/protocol/notice.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import type { Room } from "../crypto/port.ts"
import type { Removal } from "./records.ts"
import type { RoomState } from "./state.ts"

/** Who goes by a notice of these words; undefined where it is about nobody who is here. */
export function removalOf({ judged }: Room, change: Change, proof: Uint8Array): Removal | undefined {
  if (change.kind === "left") return { user: change.user, leaves: change.leaves, proof }
  if (change.kind !== "device_revoked") return undefined
  const { user, device } = change
  const lost = judged.leaves.find((leaf) => leaf.user === user && leaf.device === device)
  const hash = lost && leafHash(judged, lost.leaf)
  return hash && { user, device, leaves: [hash], proof }
}

/** The leaf as it was named: whoever has come back since is not meant. */
function meant({ judged }: Room, { user, device, leaves }: Removal, leaf: Leaf): boolean {
  if (leaf.user !== user || (device !== undefined && leaf.device !== device)) return false
  const hash = leafHash(judged, leaf.leaf)
  return hash !== undefined && leaves.some((named) => sameBytes(named, hash))
}

/** Those that concern a leaf other than one's own: nobody removes themselves. */
export const stillDue = (group: Room, removals: readonly Removal[] = []): readonly Removal[] =>
  removals.filter((removal) => devicesOf(group, [removal]).length > 0)

/** Whether this device is among those that go. */
export const namesOwn = (group: Room, removal: Removal): boolean =>
  group.judged.leaves.some((leaf) => leaf.leaf === group.leaf && meant(group, removal, leaf))

export const devicesOf = (group: Room, removals: readonly Removal[]): readonly Id[] =>
  group.judged.leaves
    .filter((leaf) => leaf.leaf !== group.leaf && removals.some((removal) => meant(group, removal, leaf)))
    .map((leaf) => leaf.device)

/** Whether a person may take another one out of a group without being asked to. */
export function mayRemove(policy: RoomPolicy, by: Id, user: Id): boolean {
  const role = roleOf(policy, by)
  return role === "owner" || (role === "admin" && roleOf(policy, user) === "member")
}

/** Whether this device is in the room, as far as it is known here. */
export const isIn = ({ group, meta }: RoomState, device: Id): boolean =>
  meta.standing !== "removed" && group?.judged.leaves.some((leaf) => leaf.device === device) === true
