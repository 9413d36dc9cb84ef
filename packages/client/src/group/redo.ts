/**
 * What this person had done with a group in a part of its log that a restored house has lost (room/step-back.ts): whoever was added is
 * added again, whoever was taken out is taken out again. Each by themselves, so that one whom the house does not know any more
 * keeps nobody else away; what is refused is tried again when the room has moved on, or with the next connection.
 */
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { AnswerParts } from "../contact/answer.ts"
import { inviteToGroup, removeFromGroup } from "./change.ts"

const PAUSE_MS = 500

/** By store: one client does the same for one room one after another. */
const busy = new WeakMap<object, Set<string>>()

export async function redo(
  parts: AnswerParts,
  what: "add" | "out",
  room: Id,
  users: readonly Id[],
): Promise<void> {
  const under = busy.get(parts.store) ?? new Set()
  busy.set(parts.store, under)
  const name = `${what}/${room}`
  if (under.has(name)) return
  under.add(name)
  try {
    for (const user of users) await until(parts, what, room, user)
  } finally {
    under.delete(name)
  }
}

/** Until it is so, or is refused for good; without a connection the next one begins it anew. */
async function until(parts: AnswerParts, what: "add" | "out", room: Id, user: Id): Promise<void> {
  const wanted = () => {
    const { again, out } = parts.rooms.get(room)?.state().meta ?? {}
    return what === "add" ? again?.includes(user) === true : out?.some((one) => one.user === user) === true
  }
  // Not where a person has decided otherwise meanwhile.
  while (wanted()) {
    const done = await (what === "add"
      ? inviteToGroup(parts, room, [user], wanted)
      : removeFromGroup(parts, room, user, wanted))
    if (done.ok || done.error.kind === "offline") return
    const { kind } = done.error
    const later = kind === "busy" || (kind in errors && errors[kind as keyof typeof errors].retry !== "never")
    if (!later) return
    await parts.pause(done.error.retryAfterMs ?? PAUSE_MS)
  }
}
