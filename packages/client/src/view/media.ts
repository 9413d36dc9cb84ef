/**
 * What a chat holds besides words: pictures and films, other files, links; a window like the timeline's. History is sealed
 * block by block and nothing indexes it by kind, so a window reads blocks until it is full, and no more than `reach` of
 * them: in a long chat without pictures it says that there may be more, and a larger `limit` looks further.
 */

import { topics } from "../changes.ts"
import { SEGMENT } from "../history/history.ts"
import type { Home } from "../home.ts"
import { startOf } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import type { MakeView } from "./context.ts"
import type { MessageItem } from "./port/messages.ts"
import type { ViewArgs } from "./port.ts"
import { isMessage, itemsOf } from "./timeline-items.ts"

/** What was imported is read where somebody comes to it. */
const imported = () => import("./media-imported.ts")

type What = ViewArgs<"media">["what"]

/** Blocks of 256 positions for every thirty items asked for: ten thousand messages. */
const reach = (limit: number) => 40 * Math.ceil(limit / 30)
const blockOf = (seq: number) => Math.floor(seq / SEGMENT)
const link = /https?:\/\/|www\./i

export function isOf(what: What, { body, text }: Pick<MessageItem, "body" | "text">): boolean {
  if (body.kind !== "file") return what === "link" && body.kind === "text" && link.test(text)
  const kind = body.file.media?.kind
  const visual = kind === "image" || kind === "video"
  return what === "visual" ? visual : what === "file" && (kind === undefined || kind === "audio")
}

async function inBlock(home: Home, state: RoomState, what: What, number: number): Promise<MessageItem[]> {
  const { room, incarnation } = state.meta
  const [entries, marks] = await Promise.all([
    home.history.block(room, incarnation, number),
    home.marks.block(room, incarnation, number),
  ])
  const items: MessageItem[] = []
  for (const entry of entries) {
    if (!isMessage(entry)) continue
    for (const item of await itemsOf(home, state, entry, marks))
      if (item.type === "message" && isOf(what, item)) items.push(item)
  }
  return items
}

export const mediaView: MakeView<"media"> = ({ home }, { room, what, around, limit }) => ({
  topics: [topics.room(room), topics.contacts, topics.session],
  async compute() {
    const here = home()
    const state = here?.rooms.get(room)?.state()
    if (!here || !state) return { items: [], atStart: true, atEnd: true }
    const { seq: end } = state.meta
    const middle = around === "end" ? end + 1 : around
    const wanted = around === "end" ? limit : limit >> 1
    const [lowest, highest] = [blockOf(startOf(state.meta)), blockOf(end)]
    const [above, below]: [MessageItem[], MessageItem[]] = [[], []]
    let number = blockOf(middle - 1)
    for (let left = reach(limit); number >= lowest && above.length <= wanted && left > 0; number--, left--) {
      const found = await inBlock(here, state, what, number)
      above.unshift(...found.filter(({ seq = 0 }) => seq < middle))
    }
    const heads = here.imports.of(room)
    const seen = { heads, is: (item: MessageItem) => isOf(what, item), reach: reach(limit) }
    let older = heads.length === 0
    if (!older && number < lowest && above.length <= wanted) {
      const { importedMediaBefore } = await imported()
      const count = wanted + 1 - above.length
      const found = await importedMediaBefore(here, { ...seen, seq: Math.min(middle, 0), count })
      above.unshift(...found.items)
      older = found.all
    }
    let newer = true
    if (middle < 0) {
      const { importedMediaFrom } = await imported()
      const found = await importedMediaFrom(here, { ...seen, seq: middle, count: limit + 1 })
      below.push(...found.items)
      newer = found.all
    }
    let next = newer ? Math.max(lowest, blockOf(middle)) : highest + 1
    for (let left = reach(limit); next <= highest && below.length <= limit && left > 0; next++, left--) {
      const found = await inBlock(here, state, what, next)
      below.push(...found.filter(({ seq = 0 }) => seq >= middle))
    }
    const first = above.slice(Math.max(0, above.length - wanted))
    const last = below.slice(0, limit - first.length)
    return {
      items: [...first, ...last],
      atStart: older && number < lowest && first.length === above.length,
      atEnd: newer && next > highest && last.length === below.length,
    }
  },
})
