/** What must hold before something is said in a room, and what is named by its place there. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Content, Draft } from "../../content/message.ts"
import { sayable } from "../../content/message.ts"
import { QUOTE_MAX, type ReplyContent } from "../../content/text.ts"
import type { HistoryEntry } from "../../history/entry.ts"
import type { Mark } from "../../history/marks.ts"
import type { Home } from "../../home.ts"
import type { Problem } from "../../problem.ts"
import { objectionTo } from "../../room/heed.ts"
import { preview, textOf } from "../../room/preview.ts"
import type { RoomActor } from "../../room/room.ts"
import type { RoomState } from "../../room/state.ts"
import { lookUp } from "../message-item.ts"
import { notFound } from "./handler.ts"

export type Writable = { readonly actor: RoomActor; readonly state: RoomState }

export function writable(home: Home, room: Id): Result<Writable, Problem> {
  const actor = home.rooms.get(room)
  if (!actor) return notFound
  const state = actor.state()
  if (state.meta.standing !== "open")
    return err({ kind: state.meta.standing === "removed" ? "not_a_member" : "room_frozen" })
  const objection = objectionTo(state, home.people)
  return objection && objection !== "waits" ? err(objection) : ok({ actor, state })
}

/** Refused before it is queued, where nobody would read it. */
export async function post(
  actor: RoomActor,
  draft: Draft,
): Promise<Result<{ readonly key: string }, Problem>> {
  return sayable(draft) ? ok(await actor.post(draft)) : err({ kind: "text_too_long" })
}

export type Message = {
  readonly entry: HistoryEntry
  readonly content: Content
  readonly mark: Mark
  /** As it is now. */
  readonly text: string
}

/** A message that is on this device and was not recalled, or does not exist any more. */
export async function messageAt(
  home: Home,
  state: RoomState,
  seq: number,
): Promise<Result<Message, Problem>> {
  const found = await lookUp(home, state, seq)
  const text = found?.content && textOf(found.content)
  if (!found?.content || text === undefined || !found.entry.user) return notFound
  const { entry, content, mark } = found
  return ok({ entry, content, mark, text: mark.edit?.text ?? text })
}

/** Both at once: where one may write, and what it is about. */
export async function aboutMessage(
  home: Home,
  room: Id,
  seq: number,
): Promise<
  Result<Writable & Message & { readonly of: { readonly seq: number; readonly n: number } }, Problem>
> {
  const where = writable(home, room)
  if (!where.ok) return where
  const found = await messageAt(home, where.value.state, seq)
  if (!found.ok) return found
  return ok({ ...where.value, ...found.value, of: { seq, n: found.value.entry.n } })
}

/** What was recalled meanwhile is still answered: the quote says that it is gone. */
export async function replyTo(home: Home, state: RoomState, seq: number): Promise<ReplyContent | undefined> {
  const found = await lookUp(home, state, seq)
  if (!found?.entry.user || found.entry.kind !== 0) return undefined
  const { entry, content, mark } = found
  const line = content && preview(content, mark.edit?.text, QUOTE_MAX)
  return { seq, n: entry.n, user: found.entry.user, text: "", ...line }
}
