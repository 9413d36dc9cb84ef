/**
 * How far a person has read, on all devices. Here at once; in the notebook at most once a minute and at a random moment
 * within it, so that the house does not learn from the writes when exactly somebody reads.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Notebook } from "./notebook.ts"
import { pageOf, readName, readPage } from "./pages.ts"
import type { Clock, Jitter, Timers } from "./platform.ts"
import { isLost } from "./room/life.ts"
import type { Rooms } from "./room/rooms.ts"

export type ReadingParts = {
  readonly notebook: Notebook
  readonly rooms: Rooms
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  readonly everyMs: number
  readonly onFailure: (error: unknown) => void
}

export type Reading = ReturnType<typeof loadReading>

export function loadReading({ notebook, rooms, clock, timers, jitter, everyMs, onFailure }: ReadingParts) {
  let cancel: (() => void) | undefined

  /** Only forwards. `unread` is counted anew by the room from what follows. */
  const move = (room: Id, seq: number): Promise<boolean> | undefined => rooms.get(room)?.read(seq)

  const flush = () => {
    cancel = undefined
    notebook.flush((name) => name.startsWith("read/"), pageOf).catch(onFailure)
  }

  return {
    async mark(room: Id, seq: number): Promise<boolean> {
      const actor = rooms.get(room)
      if (!actor) return false
      if (!(await move(room, seq))) return true
      const { meta, group } = actor.state()
      const { incarnation, read, generation, hash } = meta
      const life = meta.life && { life: meta.life.incarnation }
      const head = group && { generation, epoch: group.epoch, seq: meta.seq, hash, ...life }
      await notebook.change(readName(room), readPage, (old) => {
        const next = { v: 1, incarnation, seq: read, at: clock(), ...(head && { head }) }
        if (old?.incarnation !== incarnation) return next
        const further = old.seq >= read && (old.head?.life ?? 0) >= (next.head?.life ?? 0)
        return further ? undefined : readPage.merge(next, old)
      })
      cancel ??= timers(everyMs * (0.5 + jitter() / 2), flush)
      return true
    },
    /** After another device's news. */
    async reload() {
      for (const actor of rooms.all()) {
        const place = await notebook.get(readName(actor.room), readPage)
        const { meta } = actor.state()
        const seen = place?.head && { ...place.head, seq: place.seq, incarnation: place.incarnation }
        if (place?.incarnation === meta.incarnation && !(seen && isLost(seen, meta.life)))
          await move(actor.room, place.seq)
      }
    },
    stop() {
      cancel?.()
    },
  }
}
