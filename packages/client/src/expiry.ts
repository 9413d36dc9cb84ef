/**
 * Disappearing messages: what carries a time to live goes from this device when it is over, also while nobody looks and at
 * the next start. When is written down with the entry itself, so that no history has to be searched for it.
 */
import { EXPIRY, type Expiring } from "./history/expiring.ts"
import type { Clock, Timers } from "./platform.ts"
import type { Rooms } from "./room/rooms.ts"
import type { SealedStore } from "./store/sealed.ts"

const AT_ONCE = 200
/** Timers of browsers do not reach further than 24 days, and clocks are set. */
const LOOK_AGAIN_MS = 3_600_000

export type ExpiryParts = {
  readonly store: SealedStore
  readonly rooms: Rooms
  readonly clock: Clock
  readonly timers: Timers
  readonly onFailure: (error: unknown) => void
}

export type Expiry = ReturnType<typeof createExpiry>

export function createExpiry({ store, rooms, clock, timers, onFailure }: ExpiryParts) {
  let cancel = () => {}
  let stopped = false
  let running: Promise<void> | undefined
  let again = false

  const run = async () => {
    for (;;) {
      const rows = await store.range<Expiring>(EXPIRY, { limit: AT_ONCE })
      const due = rows.filter(({ value }) => value.at <= clock())
      for (const { value } of due) {
        const { room, incarnation } = value
        const same = due.filter((one) => one.value.room === room && one.value.incarnation === incarnation)
        // Those of one place go together.
        if (same[0]?.value !== value) continue
        const actor = rooms.get(room)
        const life = incarnation === actor?.state().meta.incarnation ? undefined : incarnation
        const seqs = same.map((one) => one.value.seq)
        await actor?.forget(seqs, "expired", life)
      }
      if (due.length > 0) await store.write(due.map(({ key }) => ({ drop: key })))
      if (due.length === AT_ONCE && !stopped) continue
      const next = rows.find(({ value }) => value.at > clock())
      cancel()
      if (next && !stopped) cancel = timers(Math.min(next.value.at - clock() + 1, LOOK_AGAIN_MS), look)
      return
    }
  }
  const look = () => {
    if (stopped) return
    again = true
    running ??= (async () => {
      while (again && !stopped) {
        again = false
        await run()
      }
    })()
      .catch(onFailure)
      .finally(() => {
        running = undefined
        if (again) look()
      })
  }

  return {
    /** At the start, and whenever something came that will go. */
    look,
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}
