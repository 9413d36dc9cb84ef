/**
 * Changing who is in a group, or its rules, while others may do so too. It is said as a goal, not as a commit: as long as it
 * is not reached, the newest state is looked at again. So two who act at once both succeed, or one learns why not.
 */
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Room } from "../crypto/port.ts"
import type { Problem } from "../problem.ts"
import type { Wanted } from "../room/commits.ts"

export type Step = (group: Room, policy: RoomPolicy) => Promise<Result<Wanted | "reached", Problem>>

/** What has not come about by then may still do so: the commit is kept and offered again. */
export const PATIENCE_MS = 30_000
const LOOK_MS = 40

export async function operate(
  parts: AnswerParts,
  room: Id,
  step: Step,
  kinds: readonly RoomPolicy["kind"][] = ["group"],
): Promise<Result<null, Problem>> {
  const { clock, pause, rooms } = parts
  const until = clock() + PATIENCE_MS
  let offered: number | undefined
  for (;;) {
    const actor = rooms.get(room)
    if (!actor) return err({ kind: "not_found" })
    const { meta, group, pending } = actor.state()
    if (!kinds.includes(meta.kind)) return err({ kind: "commit_refused" })
    if (meta.standing === "removed") return err({ kind: "not_a_member" })
    if (group && !pending) {
      const refused = actor.refused()
      if (refused && refused.n === offered) {
        offered = undefined
        const { kind } = refused.error
        if (kind !== "offline" && errors[kind as keyof typeof errors]?.retry === "never")
          return err(refused.error)
        // Somebody was faster: their commit is on its way.
        actor.subscribe()
      }
      const next = await step(group, group.judged.policy)
      if (!next.ok) return next
      if (next.value === "reached") return ok(null)
      const begun = await actor.commit(group, next.value)
      if (begun === false) return err({ kind: "commit_refused" })
      offered = begun ?? offered
    }
    if (!actor.connected()) return err({ kind: "offline" })
    if (clock() > until) return err({ kind: "busy" })
    await pause(LOOK_MS)
  }
}
