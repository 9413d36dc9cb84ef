/**
 * What came and was not read yet. A chat that is here when the view is opened begins where it stands: old unread messages
 * are a number in the list, not news. Read from the history and not collected from frames, so that what was recalled or
 * read elsewhere is gone, and a worker that was away while the house was not has its news too.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import { SEGMENT } from "../history/history.ts"
import type { Home } from "../home.ts"
import { lineOf } from "../room/preview.ts"
import type { RoomMeta } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import type { MakeView } from "./context.ts"
import type { NewsItem } from "./port/told.ts"
import { titleOf } from "./room-list.ts"
import { itemsOf } from "./timeline-items.ts"

/** Of one chat. */
const NEWEST = 5
/** Positions that are looked at for these: whoever has more waiting is told of the newest. */
const REACH = 64

async function newsOf(home: Home, state: RoomState, after: number): Promise<readonly NewsItem[]> {
  const { meta } = state
  const { room, kind, incarnation, seq } = meta
  const from = Math.max(after, meta.read, seq - REACH) + 1
  const items: NewsItem[] = []
  for (let number = Math.floor(from / SEGMENT); number <= Math.floor(seq / SEGMENT); number++) {
    const marks = await home.marks.block(room, incarnation, number)
    for (const entry of await home.history.block(room, incarnation, number)) {
      if (entry.seq < from || entry.user === home.account.user) continue
      for (const item of await itemsOf(home, state, entry, marks)) {
        if (item.type !== "message" || item.mine || item.blocked) continue
        const title = titleOf(home, meta)
        const { at, from, text, body, mentionsMe = false } = item
        const line = {
          text: lineOf(body.kind === "bundle" ? body.bundle.title : text),
          ...(body.kind === "sticker" ? { sticker: true as const } : {}),
          ...(body.kind === "bundle" ? { bundle: true as const } : {}),
        }
        items.push({ room, kind, title, seq: entry.seq, at, from: from.name, ...line, mentionsMe })
      }
    }
  }
  return items.slice(-NEWEST)
}

export const newsView: MakeView<"news"> = ({ home }) => {
  /** Where each chat stood when it was first seen, and what was found for its present state. */
  const since = new Map<Id, number>()
  const found = new Map<
    Id,
    { readonly meta: RoomMeta; readonly blocked: readonly Id[]; readonly items: readonly NewsItem[] }
  >()
  let opened = false
  return {
    topics: [topics.rooms, topics.contacts, topics.session],
    async compute() {
      const here = home()
      if (!here) return { items: [] }
      const states = here.rooms
        .all()
        .map((actor) => actor.state())
        .filter(({ meta }) => meta.standing !== "pending")
      for (const { meta } of states) {
        const { room, seq, joined } = meta
        if (!since.has(room)) since.set(room, opened ? joined.seq : seq)
      }
      opened = true
      const blocked = here.contacts.blocked()
      const items: NewsItem[] = []
      for (const state of states) {
        const { meta } = state
        const after = since.get(meta.room) ?? meta.seq
        if (meta.unread === 0 || meta.seq === after) continue
        let known = found.get(meta.room)
        if (known?.meta !== meta || known.blocked !== blocked) {
          known = { meta, blocked, items: await newsOf(here, state, after) }
          found.set(meta.room, known)
        }
        items.push(...known.items)
      }
      return { items: items.sort((a, b) => a.at - b.at) }
    },
  }
}
