/**
 * Letting in people who ask by a link. A link without approval is answered by any member's device that is online: after a hint
 * each waits a random while, owner and admins less, then looks whether the request is still there; the first one commits, and the
 * others find it done. With approval an admin is asked (`waiting`), and answers with a click.
 *
 * Whatever the house says is checked again: the link in one's own state of the policy, its time, the signature, the key package.
 */

import { policyAfter } from "@teahouse/judge/joins.ts"
import { usersOf } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { JoinRequest } from "@teahouse/protocol/http/link.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type JoinProof, joinToSign } from "@teahouse/protocol/join-proof.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { backoff } from "../backoff.ts"
import { topics } from "../changes.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Room } from "../crypto/port.ts"
import { createLock } from "../lock.ts"
import type { Jitter, Timers } from "../platform.ts"
import type { Problem } from "../problem.ts"
import { isUsable } from "./known-links.ts"
import { operate } from "./operate.ts"

export type AdmissionParts = AnswerParts & {
  readonly timers: Timers
  readonly jitter: Jitter
  readonly admitAfterMs: number
  readonly onFailure: (error: unknown) => void
}
export type Admission = ReturnType<typeof createAdmission>

/** Owner and admins come first: they are the ones who mean to look after the group. */
const LEADS_SHARE = 0.3

export function createAdmission(parts: AdmissionParts) {
  const { call, rooms, me, clock, jitter, timers, changes, onFailure } = parts
  const once = createLock()
  let waiting: readonly JoinRequest[] = []
  let cancel: (() => void) | undefined
  let failures = 0
  let stopped = false

  const linkOf = (group: Room, { link: id }: JoinRequest) =>
    group.judged.policy.links.find((link) => link.id === id && isUsable(link, clock()))

  const plan = (ms: number) => {
    cancel ??= timers(ms, () => {
      cancel = undefined
      run().catch(onFailure)
    })
  }

  const leads = (room: Id) => {
    const policy = rooms.get(room)?.state().group?.judged.policy
    return policy !== undefined && roleOf(policy, me.user) !== "member"
  }

  const list = async (): Promise<boolean> => {
    const listed = await call("listJoins", {})
    if (!listed.ok) return false
    waiting = listed.value.requests
    changes.emit(topics.joins)
    return true
  }

  /** What holds of a request in the group as it is now; undefined: nothing. */
  async function proofOf(group: Room, request: JoinRequest): Promise<JoinProof | undefined> {
    const link = linkOf(group, request)
    const { user, keyPackage, signature } = request
    if (!link) return undefined
    const fits = { house: me.house, user, now: clock() }
    const checked = await parts.crypto.device.checkKeyPackage(keyPackage, fits)
    if (!checked.ok) return undefined
    const { ref: keyPackageRef, leaf } = checked.value
    const pinned = parts.people.pinned(user)
    if (pinned && !sameBytes(pinned, leaf.uik)) return undefined
    const signed = joinToSign({ room: group.room, link: link.id, user, uik: leaf.uik, keyPackageRef })
    const good = await parts.crypto.device.verify(link.key, signed, signature)
    return good ? { link: link.id, keyPackageRef, signature } : undefined
  }

  async function admit(room: Id, requests: readonly JoinRequest[]): Promise<Result<null, Problem>> {
    return operate(parts, room, async (group, policy) => {
      const present = usersOf(group.judged.leaves)
      const absent = requests.filter(({ user }) => !present.has(user) && !policy.bans.includes(user))
      const space = limits.roomDevices - group.judged.leaves.length
      if (absent.length > 0 && space === 0) return err({ kind: "room_full" })
      const add: Uint8Array[] = []
      const joins: JoinProof[] = []
      for (const request of absent.slice(0, Math.min(space, limits.addsPerCommit))) {
        const proof = await proofOf(group, request)
        const uses = policy.links.find(({ id }) => id === proof?.link)?.uses ?? 0
        if (!proof || joins.filter(({ link }) => link === proof.link).length >= uses) continue
        add.push(request.keyPackage)
        joins.push(proof)
      }
      if (joins.length === 0) return ok("reached")
      return ok({ add, joins, policy: policyAfter(policy, joins) })
    })
  }

  const run = (): Promise<void> =>
    once(async () => {
      if (stopped || !(await list())) return
      const due = new Map<Id, JoinRequest[]>()
      for (const request of waiting) {
        const group = rooms.get(request.room)?.state().group
        if (!group || linkOf(group, request)?.approval !== false) continue
        due.set(request.room, [...(due.get(request.room) ?? []), request])
      }
      let open = false
      for (const [room, requests] of due) open = !(await admit(room, requests)).ok || open
      if (due.size > 0) await list()
      failures = open ? failures + 1 : 0
      if (open && !stopped) plan(backoff(failures, jitter, { firstMs: 2_000, maxMs: 120_000 }))
    })

  return {
    /** The house has news of requests, or may have had while nobody listened. */
    onNews() {
      if (stopped) return
      const share = rooms.all().some((actor) => leads(actor.room)) ? LEADS_SHARE : 1
      plan(parts.admitAfterMs * jitter() * share)
    },
    waiting: (room: Id) => waiting.filter((request) => request.room === room),
    /** By an admin's click. */
    async answer(id: Id, accept: boolean): Promise<Result<null, Problem>> {
      const request = waiting.find((one) => one.id === id)
      if (!request) return err({ kind: "unknown_join" })
      if (!accept) {
        const declined = await call("declineJoin", { params: { request: id }, request: {} })
        await list()
        return declined.ok ? ok(null) : declined
      }
      const group = rooms.get(request.room)?.state().group
      if (!group) return err({ kind: "busy" })
      if (!(await proofOf(group, request))) return err({ kind: "bad_join" })
      const done = await admit(request.room, [request])
      await list()
      return done
    },
    stop() {
      stopped = true
      cancel?.()
    },
  }
}
