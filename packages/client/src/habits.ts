/**
 * What a person does with a chat for themselves: 置顶, 免打扰, 标为未读, out of the list. Records of the notebook, so that all
 * devices have them; in memory for the views, which ask for every chat at once.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Changes, topics } from "./changes.ts"
import type { ChatRecord } from "./content/notebook.ts"
import type { Notebook } from "./notebook.ts"
import { chatName, chatPage } from "./pages.ts"
import type { Clock } from "./platform.ts"
import type { RoomMeta } from "./room/records.ts"
import type { Habits } from "./view/port/rooms.ts"

export type HabitParts = {
  readonly notebook: Notebook
  readonly changes: Changes
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

/** A chat, and its newest message. */
type Place = Pick<RoomMeta, "room" | "last">

export type ChatHabits = ReturnType<typeof createHabits>

export function createHabits({ notebook, changes, clock, onFailure }: HabitParts) {
  const known = new Map<Id, ChatRecord | undefined>()

  const tell = (room: Id) => changes.emit(topics.rooms, topics.room(room))
  const read = async (room: Id) => {
    const before = JSON.stringify(known.get(room))
    known.set(room, await notebook.get(chatName(room), chatPage))
    if (JSON.stringify(known.get(room)) !== before) tell(room)
  }

  const of = ({ room, last }: Place): Habits => {
    if (!known.has(room)) {
      known.set(room, undefined)
      read(room).catch(onFailure)
    }
    const record = known.get(room)
    return {
      pinned: record?.pinned?.on ?? false,
      level: record?.level?.value ?? "all",
      markedUnread: record?.unread?.on ?? false,
      kept: record?.kept?.on ?? true,
      hidden: record?.hidden?.on === true && (last?.at ?? 0) <= record.hidden.until,
    }
  }

  return {
    /** At once; a chat that was never asked for is looked up, and the views hear of it. */
    of,
    async set(place: Place, news: Partial<Habits>) {
      const { room } = place
      await read(room)
      const now = of(place)
      const { pinned, level, markedUnread, hidden, kept } = news
      const differs = (Object.keys(now) as (keyof Habits)[]).some(
        (name) => news[name] !== undefined && news[name] !== now[name],
      )
      if (!differs) return false
      const at = clock()
      await notebook.change(chatName(room), chatPage, (old) => ({
        ...(old ?? { v: 1 }),
        ...(pinned === undefined ? {} : { pinned: { on: pinned, at } }),
        ...(level === undefined ? {} : { level: { value: level, at } }),
        ...(markedUnread === undefined ? {} : { unread: { on: markedUnread, at } }),
        ...(kept === undefined ? {} : { kept: { on: kept, at } }),
        ...(hidden === undefined ? {} : { hidden: { on: hidden, until: place.last?.at ?? 0, at } }),
      }))
      await read(room)
      return true
    },
    /** Before the first view looks. */
    async load(rooms: readonly Id[]) {
      for (const room of rooms) await read(room)
    },
    /** After another device's news. */
    async reload() {
      for (const room of [...known.keys()]) await read(room)
    },
  }
}
