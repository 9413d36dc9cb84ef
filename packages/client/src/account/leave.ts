/**
 * Before an account is deleted it says so where others are: a signed notice in each group and each private chat, so that
 * members remove its leaves and friends see that it has ended. A group of one's own goes to the oldest admin, else to the
 * member who has been in it longest.
 */
import { usersOf } from "@teahouse/judge/state.ts"
import { removeFriend } from "../contact/answer.ts"
import type { BlockParts } from "../contact/block.ts"
import type { Contacts } from "../contact/contacts.ts"
import { handOver, leaveGroup } from "../group/change.ts"
import type { Problem } from "../problem.ts"
import type { RoomState } from "../room/state.ts"

export type LeaveParts = BlockParts & { readonly contacts: Contacts }

/** Whoever gets a group from its owner; undefined where nobody else is in it. */
export function heirOf({ group, meta }: Pick<RoomState, "group" | "meta">, me: RoomState["meta"]["room"]) {
  const present = usersOf(group?.judged.leaves ?? [])
  const { admins = [] } = group?.judged.policy ?? {}
  return [...admins, ...meta.users].find((user) => user !== me && present.has(user))
}

/**
 * Only a lost connection stops it: then nothing has been deleted, and it can be gone through again. A room that cannot be
 * left in order (its state is lost, it is full of others' commits) is closed by the house.
 */
export async function leaveEverything(parts: LeaveParts): Promise<Problem | undefined> {
  const { rooms, me, contacts } = parts
  for (const actor of rooms.all()) {
    const state = actor.state()
    if (state.meta.kind !== "group" || state.meta.standing === "removed") continue
    if (state.group?.judged.policy.owner === me.user) {
      const heir = heirOf(state, me.user)
      const given = heir ? await handOver(parts, actor.room, heir) : undefined
      if (given && !given.ok && given.error.kind === "offline") return given.error
    }
    const left = await leaveGroup(parts, actor.room)
    if (!left.ok && left.error.kind === "offline") return left.error
  }
  for (const { user } of contacts.friends()) {
    const removed = await removeFriend(parts, user)
    if (!removed.ok && removed.error.kind === "offline") return removed.error
  }
  return undefined
}
