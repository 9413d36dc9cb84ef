/** Messages of others that show something, after a position. */
import { decodeContent } from "../content/message.ts"
import { SEGMENT } from "../history/history.ts"
import type { RoomParts } from "./parts.ts"
import { textOf } from "./preview.ts"
import type { RoomMeta } from "./records.ts"

export async function countUnread(
  { history, me }: Pick<RoomParts, "history" | "me">,
  { room, incarnation, seq }: RoomMeta,
  after: number,
): Promise<number> {
  let count = 0
  for (let number = Math.floor((after + 1) / SEGMENT); number <= Math.floor(seq / SEGMENT); number++) {
    for (const entry of await history.block(room, incarnation, number)) {
      if (entry.seq <= after || entry.user === me.user || entry.item.type !== "content") continue
      const content = decodeContent(entry.item.bytes)
      if (content && textOf(content) !== undefined) count++
    }
  }
  return count
}
