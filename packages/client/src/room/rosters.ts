/**
 * Who is in each room goes to the notebook, with where the group stood then, for devices that come later (SECURITY R5): they hold
 * the house's GroupInfo against it before they come in. Written where people, their identity keys or devices have changed, at most
 * once in `everyMs` and at a random moment in it, as read positions are. Loaded when the first room has a group.
 */

import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RosterRecord } from "../content/notebook.ts"
import { encodeRoster, rosterOf } from "../content/roster.ts"
import type { Notebook } from "../notebook.ts"
import { pageOf, rosterName, rosterPage } from "../pages.ts"
import type { Jitter, Timers } from "../platform.ts"
import { lifeOf } from "./life.ts"
import type { RoomState } from "./state.ts"

export type RosterParts = {
  readonly notebook: Pick<Notebook, "change" | "flush">
  readonly stateOf: (room: Id) => RoomState | undefined
  readonly timers: Timers
  readonly jitter: Jitter
  readonly everyMs: number
  readonly onFailure: (error: unknown) => void
}

/** Whether `a` is the word about a later group than `b`. */
export const isLater = (a: RosterRecord, b: RosterRecord): boolean =>
  (a.life - b.life || a.generation - b.generation || a.epoch - b.epoch) > 0

export function createRosters({ notebook, stateOf, timers, jitter, everyMs, onFailure }: RosterParts) {
  const due = new Set<Id>()
  let cancel: (() => void) | undefined
  let stopped = false

  const note = async (room: Id) => {
    const state = stateOf(room)
    const { group, meta } = state ?? {}
    if (!group || !meta) return
    const { generation, seq, hash, incarnation } = meta
    const members = encodeRoster(rosterOf(group.judged.leaves))
    const now = { v: 1, incarnation, life: lifeOf(meta), generation, epoch: group.epoch, seq, hash, members }
    await notebook.change(rosterName(room), rosterPage, (old) =>
      old && (!isLater(now, old) || sameBytes(old.members, members)) ? undefined : now,
    )
  }
  const write = async () => {
    const rooms = [...due]
    due.clear()
    for (const room of rooms) if (!stopped) await note(room)
    if (!stopped) await notebook.flush((name) => name.startsWith("roster/"), pageOf)
  }

  return {
    /** The group of this room may have other people in it than before. */
    note(room: Id) {
      if (stopped) return
      due.add(room)
      cancel ??= timers(everyMs * (0.5 + jitter() / 2), () => {
        cancel = undefined
        write().catch(onFailure)
      })
    },
    stop() {
      stopped = true
      cancel?.()
    },
  }
}
export type Rosters = ReturnType<typeof createRosters>
