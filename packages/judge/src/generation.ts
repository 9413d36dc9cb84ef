/**
 * Is this a room's next generation (SECURITY R3)? A fresh group takes the place of one that some members can follow no more,
 * so nothing in it follows from the old one by cryptography. What holds it to the room is this: nobody is in it who was not in
 * the last state that one has agreed on, everybody under the identity key they had there, the same roles, and no rule that
 * lets more in than before. Each member holds it against their own last state, the house against the room's.
 *
 * Who may open one, when, and after which complaint is for the house to heed: it takes a clock. That it continues this very
 * log is for both: the commit's authenticated data must name the position before it, with its chain hash.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { NextGeneration } from "@teahouse/protocol/generation.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pastDays, type RoomPolicy, withPast } from "@teahouse/protocol/policy.ts"
import { err, type Result } from "@teahouse/protocol/result.ts"
import type { Agreed, AgreedPerson } from "./agreed.ts"
import { type Advance, judgeCommit } from "./commit.ts"
import { judgeGroupInfo, judgeWelcome } from "./group-info.ts"
import { openRoomState } from "./open.ts"
import type { JudgeReason } from "./reasons.ts"
import { type Leaf, type RoomState, usersOf } from "./state.ts"

const ofMls = { open: openRoomState, commit: judgeCommit, groupInfo: judgeGroupInfo, welcome: judgeWelcome }

/** `posted.device`: the entry's. `judge`: of its parts, where they are not MLS's (judge.ts). */
export async function judgeGeneration(
  agreed: Agreed,
  place: { readonly house: Id; readonly room: Id },
  { opening, commit, groupInfo, welcome }: NextGeneration,
  posted: { readonly device?: Id } = {},
  judge: typeof ofMls = ofMls,
): Promise<Result<Advance, JudgeReason>> {
  const { house, room } = place
  const generation = agreed.generation + 1
  const opened = await judge.open(opening, { house, room, generation }, { opening: true })
  if (!opened.ok) return opened
  if (!goesOn(agreed.policy, opened.value.policy)) return err("policy_forbidden")
  const readmitted = new Set(agreed.people.map((one) => one.user))
  const verdict = await judge.commit(opened.value, commit, { ...posted, readmitted })
  if (!verdict.ok) return verdict
  const advance = verdict.value
  // Its maker with others beside, and nothing else: no removal, no link, no other rules than the opening's.
  if (advance.external || advance.removed.length > 0 || advance.policyChanged) return err("not_an_opening")
  const fault = personFault(agreed, [...opened.value.leaves, ...advance.next.leaves])
  if (fault) return err(fault)
  const info = await judge.groupInfo(advance, groupInfo)
  if (!info.ok) return info
  const welcomed = judge.welcome(advance, welcome)
  return welcomed.ok ? verdict : welcomed
}

function personFault({ people, policy }: Agreed, leaves: readonly Leaf[]): JudgeReason | undefined {
  const known = new Map(people.map((one) => [one.user, one]))
  for (const { user, uik, n } of leaves) {
    const before = known.get(user)
    if (!before) return policy.kind === "group" ? "add_forbidden" : "not_in_room"
    if (!sameBytes(before.uik, uik)) return "identity_change"
    if (n < before.n) return "stale_certificate"
  }
  return undefined
}

/** The same roles; and of what lets people or their reading in, no more than before. */
function goesOn(old: RoomPolicy, next: RoomPolicy): boolean {
  const sameRoles =
    next.kind === old.kind &&
    sameIds(next.users, old.users) &&
    next.owner === old.owner &&
    sameIds(next.admins, old.admins)
  const stricter = (next.add === old.add || next.add === "admins") && next.remove === old.remove
  return (
    sameRoles &&
    stricter &&
    old.bans.every((user) => next.bans.includes(user)) &&
    next.links.every((link) => old.links.some((known) => sameLink(known, link))) &&
    pastDays(next) <= pastDays(old)
  )
}

const sameIds = (a: readonly Id[], b: readonly Id[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one))

type Link = RoomPolicy["links"][number]
const sameLink = (a: Link, b: Link): boolean =>
  a.id === b.id &&
  sameBytes(a.key, b.key) &&
  a.expires === b.expires &&
  a.uses === b.uses &&
  a.approval === b.approval

/**
 * The rules under which a room may go on where its maker has agreed on one state and the house stands at a later one: the
 * narrower of the two in each point, so that neither refuses it. undefined: the roles are not the same.
 */
export function commonPolicy(mine: RoomPolicy, theirs: RoomPolicy): RoomPolicy | undefined {
  const links = mine.links.filter((link) => theirs.links.some((known) => sameLink(known, link)))
  const bans = [...new Set([...mine.bans, ...theirs.bans])]
  const add = mine.add === "admins" || theirs.add === "admins" ? "admins" : "everyone"
  const narrow = withPast({ ...mine, links, bans, add }, Math.min(pastDays(mine), pastDays(theirs)))
  return goesOn(mine, narrow) && goesOn(theirs, narrow) ? narrow : undefined
}

/** Those who are in both, under the same key: nobody who has gone since comes back by it. */
export const commonPeople = (mine: Agreed, theirs: Pick<RoomState, "leaves">): readonly AgreedPerson[] => {
  const there = usersOf(theirs.leaves)
  return mine.people.filter(({ user }) => there.has(user))
}
