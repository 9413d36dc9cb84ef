/**
 * A window of a chat: at most `limit` lines, never a whole room. It is read by blocks of 256 positions, so that opening a
 * chat costs the same however long it is. A window that reached the end when it was opened follows the end.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import { SEGMENT } from "../history/history.ts"
import type { Home } from "../home.ts"
import { type RoomMeta, startOf } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import type { MakeView } from "./context.ts"
import { foldedAway } from "./folded.ts"
import type { Unit } from "./lost-lines.ts"
import type { Timeline, TimelineItem } from "./port/messages.ts"
import { isMessage, itemsOf, waitingItems } from "./timeline-items.ts"

/** Lines above the first unread one, so that a reader sees where it goes on. */
const CONTEXT = 20
/** What was imported is read where somebody comes to it. */
const imported = () => import("./imported.ts")
type Lines = { readonly items: readonly TimelineItem[]; readonly more: boolean }

const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

type Lost = ReadonlyMap<number, readonly Unit[]>
const none: Lost = new Map()
export const lostOf = async (home: Home, state: RoomState): Promise<Lost> =>
  state.meta.behind ? (await import("./lost-lines.ts")).lostIn(home, state) : none

/** What is shown of a block's positions, and of what a restored house has lost between them. */
export async function unitsOf(
  home: Home,
  state: RoomState,
  number: number,
  lost: Lost,
): Promise<readonly Unit[]> {
  const { room, incarnation } = state.meta
  const [entries, marks] = await Promise.all([
    home.history.block(room, incarnation, number),
    home.marks.block(room, incarnation, number),
  ])
  const units = entries.map((entry, i) => ({
    seq: entry.seq,
    lines: () => itemsOf(home, state, entry, marks, (back) => entries[i - back]),
  }))
  const between = lost.get(number)
  return between ? [...units, ...between].sort((a, b) => a.seq - b.seq) : units
}

/** The last `count` lines before `seq`. */
async function backwards(home: Home, state: RoomState, seq: number, count: number): Promise<Lines> {
  const lost = await lostOf(home, state)
  const start = Math.min(blockOf(startOf(state.meta)), ...lost.keys())
  const items: TimelineItem[] = []
  for (let number = blockOf(Math.ceil(seq) - 1); seq > 0 && number >= start; number--) {
    const units = await unitsOf(home, state, number, lost)
    for (let i = units.length - 1; i >= 0; i--) {
      const unit = units[i]
      if (!unit || unit.seq >= seq) continue
      items.unshift(...(await unit.lines()))
      if (items.length > count) return { items: items.slice(-count), more: true }
    }
  }
  const heads = home.imports.of(state.meta.room)
  if (heads.length > 0) {
    const { importedBefore } = await imported()
    items.unshift(...(await importedBefore(home, heads, seq, count - items.length)))
    if (items.length > count) return { items: items.slice(-count), more: true }
  }
  return { items, more: false }
}

/** The first `count` lines from `seq` on. */
async function forwards(home: Home, state: RoomState, seq: number, count: number): Promise<Lines> {
  const lost = await lostOf(home, state)
  const items: TimelineItem[] = []
  if (seq < 0) {
    const { importedFrom } = await imported()
    items.push(...(await importedFrom(home, home.imports.of(state.meta.room), seq, count)))
    if (items.length > count) return { items: items.slice(0, count), more: true }
  }
  const start = Math.max(
    seq,
    Math.min(startOf(state.meta), ...[...lost.keys()].map((number) => number * SEGMENT)),
  )
  for (let number = blockOf(start); number <= blockOf(state.meta.seq); number++) {
    for (const unit of await unitsOf(home, state, number, lost)) {
      if (unit.seq < seq) continue
      items.push(...(await unit.lines()))
      if (items.length > count) return { items: items.slice(0, count), more: true }
    }
  }
  return { items, more: false }
}

async function firstUnread(home: Home, meta: RoomMeta): Promise<number | undefined> {
  if (meta.unread === 0) return undefined
  for (let number = blockOf(meta.read + 1); number <= blockOf(meta.seq); number++) {
    for (const entry of await home.history.block(meta.room, meta.incarnation, number)) {
      if (entry.seq <= meta.read || !entry.user || entry.user === home.account.user) continue
      if (foldedAway(home, meta, entry.user)) continue
      if (isMessage(entry)) return entry.seq
    }
  }
  return undefined
}

const empty = (room: Id): Timeline => ({
  room,
  items: [],
  first: 0,
  last: 0,
  atStart: true,
  atEnd: true,
  unread: 0,
})

export const timelineView: MakeView<"timeline"> = ({ home }, { room, around, limit }) => {
  let opened = false
  let unreadFrom: number | undefined
  /** Where the window begins; undefined while it follows the end. */
  let anchor: number | undefined

  const open = async (here: Home, state: RoomState) => {
    opened = true
    unreadFrom = await firstUnread(here, state.meta)
    const middle = around === "unread" ? unreadFrom : around === "end" ? undefined : around
    if (middle === undefined) return
    const above = await backwards(
      here,
      state,
      middle,
      around === "unread" ? Math.min(CONTEXT, limit >> 1) : limit >> 1,
    )
    const start = above.items[0]?.seq ?? middle
    if ((await forwards(here, state, start, limit)).more) anchor = start
  }

  return {
    topics: [topics.room(room), topics.contacts, topics.settings, topics.session, topics.safekeeping],
    async compute() {
      const here = home()
      const state = here?.rooms.get(room)?.state()
      if (!here || !state) return empty(room)
      const { meta, outbox } = state
      if (!opened) await open(here, state)

      const waiting = await waitingItems(here, state, outbox)
      let lines: Lines
      let atStart: boolean
      let atEnd: boolean
      if (anchor === undefined) {
        lines = await backwards(here, state, meta.seq + 1, Math.max(1, limit - waiting.length))
        atStart = !lines.more && !here.safekeeping.isPending(room)
        atEnd = true
      } else {
        lines = await forwards(here, state, anchor, limit)
        atStart =
          (await backwards(here, state, anchor, 1)).items.length === 0 && !here.safekeeping.isPending(room)
        atEnd = !lines.more
      }
      const positions = lines.items.flatMap((item) => (item.seq === undefined ? [] : [item.seq]))
      const items = atEnd ? [...lines.items, ...waiting].slice(-limit) : lines.items
      return {
        room,
        items,
        first: positions[0] ?? 0,
        last: positions.at(-1) ?? 0,
        atStart,
        atEnd,
        ...(unreadFrom === undefined ? {} : { unreadFrom }),
        unread: meta.unread,
      }
    },
  }
}
