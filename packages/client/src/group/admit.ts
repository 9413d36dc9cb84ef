/**
 * Letting in people who ask by a link. A link without approval is answered by any member's device that is online: after a hint
 * each waits a random while, owner and admins less, then looks whether the request is still there; the first one commits, and the
 * others find it done (let-in.ts). With approval an admin is asked (`waiting`), and answers with a click.
 */

import type { JoinRequest } from "@teahouse/protocol/http/link.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { backoff } from "../backoff.ts"
import { topics } from "../changes.ts"
import type { AnswerParts } from "../contact/answer.ts"
import { createLock } from "../lock.ts"
import type { Jitter, Timers } from "../platform.ts"
import type { Problem } from "../problem.ts"
import { linkOf } from "./known-links.ts"

export type AdmissionParts = AnswerParts & {
  readonly timers: Timers
  readonly jitter: Jitter
  readonly admitAfterMs: number
  readonly onFailure: (error: unknown) => void
}

/** Owner and admins come first: they are the ones who mean to look after the group. */
const LEADS_SHARE = 0.3

const letting = () => import("./let-in.ts")

export function createAdmission(parts: AdmissionParts) {
  const { call, rooms, me, clock, jitter, timers, changes, onFailure } = parts
  const once = createLock()
  let waiting: readonly JoinRequest[] = []
  let cancel: (() => void) | undefined
  let failures = 0
  let stopped = false

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

  const run = (): Promise<void> =>
    once(async () => {
      if (stopped || !(await list())) return
      const due = new Map<Id, JoinRequest[]>()
      for (const request of waiting) {
        const group = rooms.get(request.room)?.state().group
        if (!group || linkOf(group, request, clock())?.approval !== false) continue
        due.set(request.room, [...(due.get(request.room) ?? []), request])
      }
      let open = false
      for (const [room, requests] of due)
        open = !(await (await letting()).letIn(parts, room, requests)).ok || open
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
      const { letIn, proofOf } = await letting()
      if (!(await proofOf(parts, group, request))) return err({ kind: "bad_join" })
      const done = await letIn(parts, request.room, [request])
      await list()
      return done
    },
    stop() {
      stopped = true
      cancel?.()
    },
  }
}
