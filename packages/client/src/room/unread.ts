/**
 * How many messages of others that show something follow a position. A chat is read in small steps while it is scrolled, so
 * a step costs what lies in it: known is how many there were before, and only the shorter of the two ways is looked at, the
 * one that was read or the one that is left.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { contentOf } from "../history/content-of.ts"
import { SEGMENT } from "../history/history.ts"
import type { RoomParts } from "./parts.ts"
import { textOf } from "./preview.ts"
import type { RoomMeta } from "./records.ts"

type Parts = {
  readonly history: Pick<RoomParts["history"], "block">
  readonly me: Pick<RoomParts["me"], "user">
  readonly blocked: RoomParts["blocked"]
}

/** In a group, what the black list says is folded away: it counts for nothing. */
export const isSilent = (blocked: RoomParts["blocked"], kind: RoomMeta["kind"], user: Id): boolean =>
  kind === "group" && blocked(user)

/** Of `meta.unread`, those that are left when everything up to `to` is read; `to` lies between the read position and the end. */
export async function unreadAfter(parts: Parts, meta: RoomMeta, to: number): Promise<number> {
  if (meta.unread === 0 || to === meta.seq) return 0
  if (to - meta.read > meta.seq - to) return countUnread(parts, meta, to, meta.seq)
  return Math.max(0, meta.unread - (await countUnread(parts, meta, meta.read, to)))
}

/** Those behind `after` and not behind `to`. */
export async function countUnread(
  { history, me, blocked }: Parts,
  { room, kind, incarnation }: Pick<RoomMeta, "room" | "kind" | "incarnation">,
  after: number,
  to: number,
): Promise<number> {
  let count = 0
  for (let number = Math.floor((after + 1) / SEGMENT); number <= Math.floor(to / SEGMENT); number++) {
    for (const entry of await history.block(room, incarnation, number)) {
      if (entry.seq <= after || entry.seq > to) continue
      if (entry.user === me.user || (entry.user && isSilent(blocked, kind, entry.user))) continue
      const content = contentOf(entry)
      if (content && textOf(content) !== undefined) count++
    }
  }
  return count
}
