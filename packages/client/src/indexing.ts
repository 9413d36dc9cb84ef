/**
 * Makes the words of complete blocks (history/words.ts), a little after they were completed or changed, one after another; between
 * them whatever else waits has its turn.
 */
import { WORDLESS, type Wordless } from "./history/wordless.ts"
import type { Timers } from "./platform.ts"
import type { Rooms } from "./room/rooms.ts"
import type { SealedStore } from "./store/sealed.ts"

const PAUSE_MS = 1_500
const AT_ONCE = 50

export type IndexingParts = {
  readonly store: SealedStore
  readonly rooms: Rooms
  readonly timers: Timers
  readonly onFailure: (error: unknown) => void
}

export type Indexing = ReturnType<typeof createIndexing>

export function createIndexing({ store, rooms, timers, onFailure }: IndexingParts) {
  let cancel = () => {}
  let stopped = false
  let busy = false
  let running: Promise<void> | undefined
  const breathe = () => new Promise<void>((done) => void timers(0, done))

  const run = async () => {
    for (;;) {
      const rows = await store.range<Wordless>(WORDLESS, { limit: AT_ONCE })
      let done = 0
      for (const { key, value } of rows) {
        if (stopped) return
        const actor = rooms.get(value.room)
        // A room that is no more here has nothing to be found in. A full device ends the run; the next one is begun by what is stored.
        if (!actor) await store.write([{ drop: key }])
        // It was come into anew meanwhile: with the next run.
        else if (!(await actor.words(value))) continue
        done++
        await breathe()
      }
      if (done < AT_ONCE) return
    }
  }

  return {
    /** Something was stored. */
    note() {
      if (stopped || busy) return
      busy = true
      cancel = timers(PAUSE_MS, () => {
        running = run()
          .catch(onFailure)
          .finally(() => {
            busy = false
          })
      })
    },
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}
