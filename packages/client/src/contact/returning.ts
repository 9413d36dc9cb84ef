/**
 * Somebody who began anew comes back into the rooms (SECURITY R1): one commit takes out all their old devices and adds the new ones, made
 * by whoever has decided that it is really them – the friend in the private room, owner or admin in a group. What is to be done follows
 * from what was decided and from who is still in the rooms, so a crash forgets nothing, and of several devices that do it one commits and
 * the others find it done. Only an identity that this person has left behind by a decision is ever replaced: where another admin has
 * decided for a third key, theirs stays.
 */
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { backoff } from "../backoff.ts"
import { operate } from "../group/operate.ts"
import { claimGuest, type Guest } from "../group/packages.ts"
import type { Jitter, Timers } from "../platform.ts"
import type { Problem } from "../problem.ts"
import type { AnswerParts } from "./answer.ts"

export type ReturningParts = AnswerParts & { readonly timers: Timers; readonly jitter: Jitter }

/** As the judge has it (judge/src/roles.ts). */
function mayReplace(policy: RoomPolicy, own: Id, user: Id): boolean {
  if (own === user || policy.kind === "self") return false
  if (policy.kind === "direct") return true
  const role = roleOf(policy, own)
  return role === "owner" || (role === "admin" && roleOf(policy, user) === "member")
}

export function createReturning(parts: ReturningParts) {
  const { people, rooms, me, timers, jitter, onFailure } = parts
  let cancel = () => {}
  let failures = 0
  let stopped = false

  /** Their devices under an identity that this person has left behind. */
  const left = ({ leaves }: Judged, user: Id) => {
    const former = people.get(user)?.former ?? []
    const theirs = leaves.filter((leaf) => leaf.user === user)
    return theirs.some(({ uik }) => former.some((one) => sameBytes(one, uik))) ? theirs : []
  }
  const due = (): [room: Id, user: Id][] =>
    rooms.all().flatMap((actor) => {
      const { group, meta } = actor.state()
      if (!group || meta.standing !== "open") return []
      const { judged } = group
      return [...new Set(judged.leaves.map((leaf) => leaf.user))]
        .filter((user) => mayReplace(judged.policy, me.user, user) && left(judged, user).length > 0)
        .map((user): [Id, Id] => [actor.room, user])
    })

  const replace = (room: Id, user: Id): Promise<Result<null, Problem>> => {
    let guest: Guest | undefined
    return operate(
      parts,
      room,
      async ({ judged }, policy) => {
        const old = left(judged, user)
        if (old.length === 0 || !mayReplace(policy, me.user, user)) return ok("reached")
        if (!guest) {
          const claimed = await claimGuest(parts, user)
          if (!claimed.ok) return claimed
          guest = claimed.value
        }
        const add = guest.devices.map((one) => one.keyPackage)
        const space = limits.roomDevices - judged.leaves.length + old.length
        if (add.length > space) return err({ kind: "room_full" })
        return ok({ remove: old.map((leaf) => leaf.device), add })
      },
      ["direct", "group"],
    )
  }

  const run = async (): Promise<void> => {
    cancel()
    let open = false
    for (const [room, user] of due()) {
      if (stopped) return
      if (!(await replace(room, user)).ok) open = true
    }
    failures = open ? failures + 1 : 0
    // They may have no device with keys yet.
    if (open && !stopped)
      cancel = timers(backoff(failures, jitter, { firstMs: 2_000, maxMs: 600_000 }), () => {
        run().catch(onFailure)
      })
  }

  return {
    run,
    stop() {
      stopped = true
      cancel()
    },
  }
}
export type Returning = ReturnType<typeof createReturning>
