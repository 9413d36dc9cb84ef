/**
 * Asking the house to let go of what was recalled or has disappeared: its bytes there, and the files that it speaks of. A durable
 * list, because the answer may take a day; what the house refuses for good is over, the message is gone here anyway.
 */
import { errors } from "@teahouse/protocol/error.ts"
import { isWaitingToBeLetGo, LET_GO, type LetGo } from "./history/let-go.ts"
import type { Call } from "./http.ts"
import type { SealedStore } from "./store/sealed.ts"

const AT_ONCE = 100

export type LetGoParts = {
  readonly store: SealedStore
  readonly call: Call
  readonly onFailure: (error: unknown) => void
}

export type LettingGo = ReturnType<typeof createLettingGo>

export function createLettingGo({ store, call, onFailure }: LetGoParts) {
  let stopped = false
  let running: Promise<void> | undefined
  let again = false

  /** True where there may be more. */
  const step = async (): Promise<boolean> => {
    const rows = await store.range<LetGo>(LET_GO, { limit: AT_ONCE })
    const first = rows[0]?.value
    if (!first) return false
    const same = rows.filter(({ value }) => isWaitingToBeLetGo(value, first))
    const request = { seqs: same.map(({ value }) => value.seq), reason: first.reason }
    const answer = await call("emptyEntries", { params: { room: first.room }, request })
    const later = !answer.ok && (answer.error.kind === "offline" || retried(answer.error.kind))
    if (later || stopped) return false
    await store.write(same.map(({ key }) => ({ drop: key })))
    return true
  }

  const run = () => {
    again = true
    running ??= (async () => {
      while (again && !stopped) {
        again = false
        while (!stopped && (await step()));
      }
    })()
      .catch(onFailure)
      .finally(() => {
        running = undefined
        if (again && !stopped) run()
      })
  }

  return {
    /** When there is something new, and whenever there is a connection again. */
    run,
    async stop() {
      stopped = true
      await running
    },
  }
}

const retried = (kind: string): boolean =>
  kind in errors ? errors[kind as keyof typeof errors].retry !== "never" && kind !== "unknown_record" : false
