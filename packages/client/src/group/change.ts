/** What people do with a group that is there. Who may do what is said here first, in words, and judged by everybody. */
import { leafHash } from "@teahouse/judge/state.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type AnswerParts, sayInRoom } from "../contact/answer.ts"
import type { Draft } from "../content/message.ts"
import type { Room } from "../crypto/port.ts"
import type { Problem } from "../problem.ts"
import { operate } from "./operate.ts"
import { claimGuest, type Guest } from "./packages.ts"

type Done = Promise<Result<null, Problem>>
const notAllowed: Result<never, Problem> = err({ kind: "not_allowed" })
const usersOf = (group: Room): ReadonlySet<Id> => new Set(group.judged.leaves.map((leaf) => leaf.user))

/** Their devices, as many at once as one commit can add. The committer says the card again by itself (room/card.ts). */
export function inviteToGroup(parts: AnswerParts, room: Id, users: readonly Id[]): Done {
  const guests = new Map<Id, Guest>()
  return operate(parts, room, async (group, policy) => {
    const present = usersOf(group)
    const missing = [...new Set(users)].filter((user) => !present.has(user))
    if (missing.length === 0) return ok("reached")
    if (policy.add === "admins" && roleOf(policy, parts.me.user) === "member") return notAllowed
    const add: Uint8Array[] = []
    for (const user of missing) {
      const claimed = guests.get(user) ?? (await claimGuest(parts, user))
      const guest = "ok" in claimed ? claimed : ok(claimed)
      if (!guest.ok) return guest
      guests.set(user, guest.value)
      if (add.length + guest.value.devices.length > limits.addsPerCommit) break
      add.push(...guest.value.devices.map((one) => one.keyPackage))
    }
    if (group.judged.leaves.length + add.length > limits.roomDevices) return err({ kind: "room_full" })
    return ok({ add })
  })
}

export function removeFromGroup(parts: AnswerParts, room: Id, user: Id): Done {
  const own = parts.me.user
  if (user === own) return Promise.resolve(notAllowed)
  return operate(parts, room, async (group, policy) => {
    if (!usersOf(group).has(user)) return ok("reached")
    const role = roleOf(policy, own)
    const theirs = roleOf(policy, user)
    if (role === "member" || (role === "admin" && theirs !== "member")) return notAllowed
    const remove = group.judged.leaves.filter((leaf) => leaf.user === user).map((leaf) => leaf.device)
    const { admins } = policy
    return theirs === "admin"
      ? ok({ remove, policy: { ...policy, admins: admins.filter((admin) => admin !== user) } })
      : ok({ remove })
  })
}

export async function leaveGroup(parts: AnswerParts, room: Id): Done {
  const state = parts.rooms.get(room)?.state()
  if (!state) return err({ kind: "not_found" })
  const { group, meta } = state
  if (meta.kind !== "group") return err({ kind: "commit_refused" })
  if (meta.standing === "removed") return ok(null)
  if (!group) return err({ kind: "busy" })
  const { user } = parts.me
  if (group.judged.policy.owner === user && usersOf(group).size > 1) return err({ kind: "owner_leaves" })
  const own = group.judged.leaves.filter((leaf) => leaf.user === user)
  const leaves = own.flatMap((leaf) => leafHash(group.judged, leaf.leaf) ?? [])
  const said = await sayInRoom(parts, room, { kind: "left", user, leaves }, (n, notice) =>
    parts.call("postNotice", { params: { room }, request: { n, notice } }),
  )
  return said.ok ? ok(null) : said
}

const changePolicy = (
  parts: AnswerParts,
  room: Id,
  user: Id,
  next: (policy: RoomPolicy) => RoomPolicy | undefined,
): Done =>
  operate(parts, room, async (group, policy) => {
    const wanted = next(policy)
    if (!wanted) return ok("reached")
    if (policy.owner !== parts.me.user) return notAllowed
    if (!usersOf(group).has(user)) return err({ kind: "not_a_member" })
    return ok({ policy: wanted })
  })

export const setAdmin = (parts: AnswerParts, room: Id, user: Id, on: boolean): Done =>
  changePolicy(parts, room, user, (policy) => {
    if (on === (roleOf(policy, user) !== "member")) return undefined
    const others = policy.admins.filter((admin) => admin !== user)
    return { ...policy, admins: on ? [...others, user] : others }
  })

/** Whoever hands over stays as an admin. */
export const handOver = (parts: AnswerParts, room: Id, user: Id): Done =>
  changePolicy(parts, room, user, (policy) => {
    if (policy.owner === user) return undefined
    const others = policy.admins.filter((admin) => admin !== user)
    return { ...policy, owner: user, admins: policy.owner ? [...others, policy.owner] : others }
  })

/** Name and announcement are content: sealed, and out of the house's sight. */
export async function sayCard(
  { rooms, me }: AnswerParts,
  room: Id,
  news: { readonly name?: string; readonly announcement?: string },
): Done {
  const actor = rooms.get(room)
  const state = actor?.state()
  if (!actor || !state) return err({ kind: "not_found" })
  const { meta, group } = state
  if (meta.kind !== "group") return err({ kind: "commit_refused" })
  if (meta.standing === "removed") return err({ kind: "not_a_member" })
  if (!group || !meta.card) return err({ kind: "busy" })
  if (roleOf(group.judged.policy, me.user) === "member") return notAllowed
  const { name, announcement } = meta.card
  const draft: Draft = {
    kind: "card",
    name: news.name ?? name,
    announcement: news.announcement ?? announcement,
    what: news.name === undefined ? "announcement" : "name",
  }
  await actor.post(draft)
  return ok(null)
}
