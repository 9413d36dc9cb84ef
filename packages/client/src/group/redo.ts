/**
 * What this person had done with a group in a part of its log that a restored house has lost (room/step-back.ts): whoever was added is
 * added again, whoever was taken out is taken out again, and roles, rules and links that they had set are set again (room/rules-again.ts). Each person by
 * themselves, so that one whom the house does not know any more keeps nobody else away; what is refused is tried again when the room has moved on, or with the next connection.
 */
import { usersOf } from "@teahouse/judge/state.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Problem } from "../problem.ts"
import { holds, inOrder, put } from "../room/rules-again.ts"
import { inviteToGroup, removeFromGroup } from "./change.ts"
import { isUsable } from "./known-links.ts"
import { renewPreviews } from "./link.ts"
import { operate } from "./operate.ts"

const PAUSE_MS = 500

/** By store: one client does the same for one room one after another. */
const busy = new WeakMap<object, Set<string>>()

export async function redo(
  parts: AnswerParts,
  what: "add" | "out" | "rules",
  room: Id,
  users: readonly Id[],
): Promise<void> {
  const under = busy.get(parts.store) ?? new Set()
  busy.set(parts.store, under)
  const name = `${what}/${room}`
  if (under.has(name)) return
  under.add(name)
  try {
    if (what === "rules") await rule(parts, room)
    else for (const user of users) await until(parts, what, room, user)
  } finally {
    under.delete(name)
  }
}

function until(parts: AnswerParts, what: "add" | "out", room: Id, user: Id): Promise<void> {
  const wanted = () => {
    const { again, out } = parts.rooms.get(room)?.state().meta ?? {}
    return what === "add" ? again?.includes(user) === true : out?.some((one) => one.user === user) === true
  }
  return again(parts, wanted, () =>
    what === "add" ? inviteToGroup(parts, room, [user], wanted) : removeFromGroup(parts, room, user, wanted),
  )
}

/** What this person may set by now; the rest waits until somebody has given them their role again. */
async function rule(parts: AnswerParts, room: Id): Promise<void> {
  const due = (policy: RoomPolicy, here: ReadonlySet<Id>) => {
    const role = roleOf(policy, parts.me.user)
    return (parts.rooms.get(room)?.state().meta.rules ?? []).filter((one) => {
      if (holds(policy, one) || role === "member") return false
      if (one.of === "owner" || one.of === "admin")
        return role === "owner" && (here.has(one.user) || (one.of === "admin" && !one.on))
      return one.of !== "link" || !one.link || isUsable(one.link, parts.clock())
    })
  }
  let links = false
  await again(
    parts,
    () => true,
    () =>
      operate(parts, room, async (group, policy) => {
        const rules = due(policy, usersOf(group.judged.leaves))
        if (rules.length === 0) return ok("reached")
        if (rules.some((one) => one.of === "link" && one.link)) links = true
        return ok({ policy: inOrder(rules).reduce(put, policy) })
      }),
  )
  const card = parts.rooms.get(room)?.state().meta.card
  if (links && card) await renewPreviews(parts, room, card)
}

/** Until it is so, or is refused for good; without a connection the next one begins it anew. */
async function again(
  parts: AnswerParts,
  wanted: () => boolean,
  run: () => Promise<Result<null, Problem>>,
): Promise<void> {
  // Not where a person has decided otherwise meanwhile.
  while (wanted()) {
    const done = await run()
    if (done.ok || done.error.kind === "offline") return
    const { kind } = done.error
    const later = kind === "busy" || (kind in errors && errors[kind as keyof typeof errors].retry !== "never")
    if (!later) return
    await parts.pause(done.error.retryAfterMs ?? PAUSE_MS)
  }
}
