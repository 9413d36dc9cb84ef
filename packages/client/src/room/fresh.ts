/** A room that this device has just come into, and whether it wants to be in one. */
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Device, Room } from "../crypto/port.ts"
import type { Life, RoomMeta, RoomStanding } from "./records.ts"

export type Place = {
  readonly seq: number
  readonly hash: Uint8Array
  readonly incarnation: number
  readonly life?: Life
  readonly time: number
}
/** The private rooms' bound (SECURITY "Key packages and requests"). */
const DIRECT_LEAVES = 40
export function freshMeta(group: Room, me: Id, place: Place, standing: RoomStanding, n: number): RoomMeta {
  const { kind, users } = group.judged.policy
  const peer = kind === "direct" ? users.find((user) => user !== me) : undefined
  return {
    room: group.room,
    kind,
    standing,
    incarnation: place.incarnation,
    ...(place.life ? { life: place.life } : {}),
    generation: group.generation,
    seq: place.seq,
    hash: place.hash,
    joined: { seq: place.seq, hash: place.hash },
    n,
    ...(peer ? { peer } : {}),
    users: [...new Set(group.judged.leaves.map((leaf) => leaf.user))],
    at: place.time,
    read: place.seq,
    unread: 0,
    draft: "",
    owesUpdate: false,
    lost: false,
  }
}

/** Whether this device wants to be in a group that looks like this. */
export function acceptable(
  judged: Judged,
  me: Pick<Device, "user">,
  known: (user: Id) => Uint8Array | undefined,
): boolean {
  const { policy, leaves } = judged
  if (policy.kind !== "group" && !policy.users.includes(me.user)) return false
  if (policy.kind === "direct" && leaves.length > DIRECT_LEAVES) return false
  return leaves.every((leaf) => sameBytes(known(leaf.user) ?? leaf.uik, leaf.uik))
}
