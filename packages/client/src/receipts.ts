/**
 * Saying what has arrived and what was read. Each is an entry of the log like any other, so it is said seldom: at most one in a
 * few seconds for a room, for everything since the last, at a random moment within that time, the larger the room the later,
 * and not at all in rooms of more than 50. What another device of this person has said, or what a message of one's own
 * says by itself (it names what was seen), is not said again. Reading is said only by who shows it.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Jitter, Timers } from "./platform.ts"
import { RECEIPTS_USERS_MAX } from "./room/fold.ts"
import type { Rooms } from "./room/rooms.ts"
import type { RoomState } from "./room/state.ts"

/** So many people make it twice as slow. */
const CROWD = 10

export type ReceiptsParts = {
  readonly rooms: Rooms
  readonly me: Id
  readonly showsRead: () => boolean
  readonly timers: Timers
  readonly jitter: Jitter
  readonly everyMs: number
  readonly onFailure: (error: unknown) => void
}

export type Receipts = ReturnType<typeof createReceipts>

export function createReceipts({ rooms, me, showsRead, timers, jitter, everyMs, onFailure }: ReceiptsParts) {
  const waiting = new Map<Id, () => void>()
  let stopped = false

  const owed = ({ meta, group, outbox }: RoomState) => {
    const { theirs = 0, users, kind, standing } = meta
    if (theirs === 0 || kind === "self" || standing !== "open" || !group) return undefined
    if (users.length > RECEIPTS_USERS_MAX || outbox.some((item) => item.draft.kind === "receipt"))
      return undefined
    const said = meta.receipts?.find(({ user }) => user === me)
    const read = showsRead() ? Math.min(meta.read, theirs) : 0
    if (theirs <= (said?.delivered ?? 0) && read <= (said?.read ?? 0)) return undefined
    return { kind: "receipt", delivered: theirs, ...(read > 0 ? { read } : {}) } as const
  }

  const say = async (room: Id) => {
    waiting.delete(room)
    const actor = rooms.get(room)
    const draft = actor && owed(actor.state())
    if (draft && !stopped && actor.connected()) await actor.post(draft)
  }

  const note = (state: RoomState) => {
    const { room, users } = state.meta
    if (stopped || waiting.has(room) || !owed(state)) return
    const wait = everyMs * (1 + users.length / CROWD) * (0.5 + jitter() / 2)
    waiting.set(
      room,
      timers(wait, () => void say(room).catch(onFailure)),
    )
  }

  return {
    /** After anything of a room was stored. */
    note,
    onReady() {
      for (const actor of rooms.all()) note(actor.state())
    },
    stop() {
      stopped = true
      for (const cancel of waiting.values()) cancel()
    },
  }
}
