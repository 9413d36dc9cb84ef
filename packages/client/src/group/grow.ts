/**
 * More people than one commit can add, into a group that is new or has long been there: they follow in commits of their own,
 * for which the house wants some minutes. Whom the group still lacks is kept until they are in it, and goes on after a restart.
 */
import { usersOf } from "@teahouse/judge/state.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Problem } from "../problem.ts"
import { inviteToGroup } from "./change.ts"
import { GROWTH } from "./waiting.ts"

/** What is kept of it, under whatever key. */
type Growth = { readonly members: readonly Id[] }
const PAUSE_MS = 1_000
/** Some have several devices, and a commit has room for 128. */
const AT_ONCE = 100

const usersIn = (parts: AnswerParts, room: Id): ReadonlySet<Id> =>
  usersOf(parts.rooms.get(room)?.state().group?.judged.leaves ?? [])

/** Answers when the first of them are in, or refused; the rest follows by itself. */
export async function inviteMany(
  parts: AnswerParts,
  room: Id,
  users: readonly Id[],
): Promise<Result<null, Problem>> {
  const { store, rooms } = parts
  const present = usersIn(parts, room)
  const missing = [...new Set(users)].filter((user) => !present.has(user))
  if (missing.length <= AT_ONCE) return inviteToGroup(parts, room, users)
  const devices = rooms.get(room)?.state().group?.judged.leaves.length ?? 0
  if (devices + missing.length > limits.roomDevices) return err({ kind: "room_full" })
  const first = await inviteToGroup(parts, room, missing.slice(0, AT_ONCE))
  if (!first.ok) return first
  const key = GROWTH + room
  const before = (await store.get<Growth>(key))?.members ?? []
  const members = [...new Set([...before, ...missing.slice(AT_ONCE)])]
  await store.write([{ put: key, value: { members } satisfies Growth }], "strict")
  growGroup(parts, room, key)
  return ok(null)
}

export async function resumeGrowing(parts: AnswerParts): Promise<void> {
  for (const { key } of await parts.store.range<Growth>(GROWTH))
    growGroup(parts, key.slice(GROWTH.length) as Id, key)
}

/** By store: one client does not do it twice at the same time. */
const growing = new WeakMap<object, Set<string>>()

/** Goes on behind the back of whoever calls. */
export function growGroup(parts: AnswerParts, room: Id, key: string): void {
  const busy = growing.get(parts.store) ?? new Set()
  growing.set(parts.store, busy)
  if (busy.has(key)) return
  busy.add(key)
  grow(parts, room, key)
    .catch(parts.onFailure)
    .finally(() => busy.delete(key))
}

async function grow(parts: AnswerParts, room: Id, key: string): Promise<void> {
  const { store, pause } = parts
  for (;;) {
    // Others may be asked for meanwhile.
    const members = (await store.get<Growth>(key))?.members ?? []
    const present = usersIn(parts, room)
    const missing = members.filter((user) => !present.has(user))
    const invited =
      missing.length > 0 ? await inviteToGroup(parts, room, missing.slice(0, AT_ONCE)) : undefined
    if (!invited) break
    if (invited.ok) continue
    const { kind } = invited.error
    // Without a line it goes on with the next one; what is refused for good is not asked for ever.
    if (kind === "offline") return
    const later = kind === "busy" || (kind in errors && errors[kind as keyof typeof errors].retry !== "never")
    if (!later) break
    await pause(PAUSE_MS)
  }
  await store.write([{ drop: key }])
}
