/** Takes away the previous versions of history segments when their time is over, now and every ten minutes. */
import type { Limits } from "@teahouse/protocol/limits.ts"
import type { Database } from "../db/port.ts"

export type HistoryJanitorParts = {
  readonly db: Database
  readonly limits: Limits
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

const SWEEP_MS = 10 * 60_000

export function createHistoryJanitor({ db, limits, now, onError }: HistoryJanitorParts) {
  let stopped = false

  async function sweep(): Promise<void> {
    for (let more = true; more && !stopped; ) {
      const swept = await db.write("history.sweep", { before: now() - limits.historyPreviousMs })
      if (!swept.ok) return
      more = swept.value.more
    }
  }

  const run = () => void sweep().catch((error) => stopped || onError(error))
  const timer = setInterval(run, SWEEP_MS)
  timer.unref()
  run()

  return {
    stop() {
      stopped = true
      clearInterval(timer)
    },
  }
}
