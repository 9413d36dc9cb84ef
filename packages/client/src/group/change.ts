/** What people do with a group that is there. Who may do what is said here first, in words, and judged by everybody. */
import { leafHash, usersOf } from "@teahouse/judge/state.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { BANS_MAX, pastDays, type RoomPolicy, roleOf, withPast } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type AnswerParts, sayInRoom } from "../contact/answer.ts"
import type { Card, CardLink } from "../content/card.ts"
import type { Draft } from "../content/message.ts"
import { cleanName } from "../content/name.ts"
import { NICK_MAX } from "../content/nick.ts"
import type { Problem } from "../problem.ts"
import { operate, PATIENCE_MS } from "./operate.ts"
import { claimGuest, type Guest } from "./packages.ts"

/** Between two attempts to leave a group in which others change something all the time. */
const LONGEST_PAUSE_MS = 1_000
type Done = Promise<Result<null, Problem>>
export const notAllowed: Result<never, Problem> = err({ kind: "not_allowed" })

/** It is so already. Whatever was to be done again because a restored house had lost it (room/step-back.ts), this decision counts. */
async function decided(parts: AnswerParts, room: Id, what: "out" | "again", users: readonly Id[]) {
  const actor = parts.rooms.get(room)
  if (actor?.state().meta[what])
    await actor.change((state) => {
      const { out = [], again = [] } = state.meta
      const left =
        what === "out"
          ? { out: out.filter(({ user }) => !users.includes(user)) }
          : { again: again.filter((user) => !users.includes(user)) }
      return { next: { ...state, meta: { ...state.meta, ...left } }, writes: [] }
    })
  return ok("reached" as const)
}

/** Their devices, as many at once as one commit can add. The committer says the card again by itself (room/card.ts). */
export function inviteToGroup(
  parts: AnswerParts,
  room: Id,
  users: readonly Id[],
  /** Whether it is still wanted, asked right before it is done. */
  wanted: () => boolean = () => true,
): Done {
  const guests = new Map<Id, Guest>()
  return operate(parts, room, async (group, policy) => {
    const present = usersOf(group.judged.leaves)
    const missing = [...new Set(users)].filter((user) => !present.has(user))
    if (missing.length === 0) return decided(parts, room, "out", users)
    // Everybody has a device at least: before any of them is fetched.
    if (group.judged.leaves.length + missing.length > limits.roomDevices) return err({ kind: "room_full" })
    const plain = roleOf(policy, parts.me.user) === "member"
    if (policy.add === "admins" && plain) return notAllowed
    // Who was removed comes back by an admin's word only, and then for good.
    const banned = missing.some((user) => policy.bans.includes(user))
    if (banned && plain) return err({ kind: "banned" })
    const bans = policy.bans.filter((user) => !missing.includes(user))
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
    if (!wanted()) return ok("reached")
    return ok(banned ? { add, policy: { ...policy, bans } } : { add })
  })
}

export function removeFromGroup(
  parts: AnswerParts,
  room: Id,
  user: Id,
  wanted: () => boolean = () => true,
): Done {
  const own = parts.me.user
  if (user === own) return Promise.resolve(notAllowed)
  return operate(parts, room, async (group, policy) => {
    if (!usersOf(group.judged.leaves).has(user)) return decided(parts, room, "again", [user])
    if (!wanted()) return ok("reached")
    const role = roleOf(policy, own)
    const theirs = roleOf(policy, user)
    if (role === "member" || (role === "admin" && theirs !== "member")) return notAllowed
    const remove = group.judged.leaves.filter((leaf) => leaf.user === user).map((leaf) => leaf.device)
    const admins = policy.admins.filter((admin) => admin !== user)
    // They know the links, as everybody in the group does.
    const bans = [...policy.bans.filter((one) => one !== user), user].slice(-BANS_MAX)
    return ok({ remove, policy: { ...policy, admins, links: [], bans } })
  })
}

/** A notice names one's leaves as they are: where others have just changed the group, it is said again about the newer ones. */
export async function leaveGroup(parts: AnswerParts, room: Id): Done {
  const until = parts.clock() + PATIENCE_MS
  for (let attempt = 1; ; attempt++) {
    const left = await sayLeft(parts, room)
    const overtaken = !left.ok && (left.error.kind === "commit_refused" || left.error.kind === "stale_head")
    if (!overtaken || parts.clock() >= until) return left
    parts.rooms.get(room)?.subscribe()
    await parts.pause(Math.min(100 * 2 ** attempt, LONGEST_PAUSE_MS))
  }
}

async function sayLeft(parts: AnswerParts, room: Id): Done {
  const state = parts.rooms.get(room)?.state()
  if (!state) return err({ kind: "not_found" })
  const { group, meta } = state
  if (meta.kind !== "group") return err({ kind: "not_allowed" })
  if (meta.standing === "removed") return ok(null)
  if (!group) return err({ kind: "busy" })
  const { user } = parts.me
  if (group.judged.policy.owner === user && usersOf(group.judged.leaves).size > 1)
    return err({ kind: "owner_leaves" })
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
    if (!usersOf(group.judged.leaves).has(user)) return err({ kind: "not_a_member" })
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

/** Who may add people: everybody, or only owner and admins. */
export const setInviteRule = (parts: AnswerParts, room: Id, add: RoomPolicy["add"]): Done =>
  operate(parts, room, async (_, policy) => {
    if (policy.add === add) return ok("reached")
    if (roleOf(policy, parts.me.user) === "member") return notAllowed
    return ok({ policy: { ...policy, add } })
  })

/** How much of the past is for those who come in from now on, in days; 0: nothing. */
export const setPastRule = (parts: AnswerParts, room: Id, days: number): Done =>
  operate(parts, room, async (_, policy) => {
    if (!Number.isInteger(days) || days < 0) return notAllowed
    if (pastDays(policy) === days) return ok("reached")
    if (roleOf(policy, parts.me.user) === "member") return notAllowed
    return ok({ policy: withPast(policy, days) })
  })

/** The owner ends the group: everybody is removed at once, then the owner leaves. */
export async function dissolveGroup(parts: AnswerParts, room: Id): Done {
  const { user } = parts.me
  const removed = await operate(parts, room, async (group, policy) => {
    if (policy.owner !== user) return notAllowed
    const remove = group.judged.leaves.filter((leaf) => leaf.user !== user).map((leaf) => leaf.device)
    if (remove.length === 0) return ok("reached")
    return ok({ remove, policy: { ...policy, admins: [], links: [] } })
  })
  return removed.ok ? leaveGroup(parts, room) : removed
}

/** Each says their own; an empty one takes it back. */
export async function sayNick({ rooms }: AnswerParts, room: Id, given: string): Done {
  const name = cleanName(given)
  if (name.length > NICK_MAX) return err({ kind: "bad_nickname" })
  const actor = rooms.get(room)
  const meta = actor?.state().meta
  if (!actor || !meta) return err({ kind: "not_found" })
  if (meta.kind !== "group") return err({ kind: "commit_refused" })
  if (meta.standing === "removed") return err({ kind: "not_a_member" })
  await actor.post({ kind: "nick", name })
  return ok(null)
}

export type CardNews =
  | { readonly name: string }
  | { readonly announcement: string }
  | { readonly picture: Uint8Array | null }
  | { readonly links: readonly CardLink[] }

/** Name, picture and announcement are content: sealed, and out of the house's sight. */
export async function sayCard(parts: AnswerParts, room: Id, news: CardNews, looks = 50): Done {
  const { rooms, me } = parts
  const actor = rooms.get(room)
  const state = actor?.state()
  if (!actor || !state) return err({ kind: "not_found" })
  const { meta, group } = state
  if (meta.kind !== "group") return err({ kind: "commit_refused" })
  if (meta.standing === "removed") return err({ kind: "not_a_member" })
  if (!group || !meta.card) {
    // A group that was just made has its card in a moment.
    if (looks === 0) return err({ kind: "busy" })
    await parts.pause(100)
    return sayCard(parts, room, news, looks - 1)
  }
  if (roleOf(group.judged.policy, me.user) === "member") return notAllowed
  await actor.post(cardDraft(meta.card, news))
  return ok(null)
}

function cardDraft({ name, announcement, picture }: Card, news: CardNews): Draft {
  const base = { kind: "card" as const, name, announcement, ...(picture ? { picture } : {}) }
  if ("name" in news) return { ...base, name: news.name, what: "name" }
  if ("announcement" in news) return { ...base, announcement: news.announcement, what: "announcement" }
  if ("links" in news) return { ...base, links: [...news.links], what: "links" }
  const { picture: _, ...rest } = base
  return { ...rest, what: "picture", ...(news.picture ? { picture: news.picture } : {}) }
}
