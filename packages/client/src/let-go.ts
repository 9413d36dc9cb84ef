/**
 * Asking the house to let go of what was recalled or has disappeared: its bytes there, and the files that it speaks of. A durable
 * list, because the answer may take a day; what the house refuses for good is over, the message is gone here anyway.
 *
 * A house that was restored has lost the end of a room, and positions come again: nothing is let go of before the room has heard of
 * that, and what it had lost is not on the list then (room/step-back.ts).
 */
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { isWaitingToBeLetGo, LET_GO, type LetGo, roomToLetGo } from "./history/let-go.ts"
import type { Call } from "./http.ts"
import type { SealedStore } from "./store/sealed.ts"

const AT_ONCE = 100

export type LetGoParts = {
  readonly store: SealedStore
  readonly call: Call
  /** Whether positions in this room are those of the life in which the house is now. */
  readonly isSettled: (room: Id) => boolean
  readonly onFailure: (error: unknown) => void
}

export type LettingGo = ReturnType<typeof createLettingGo>

export function createLettingGo({ store, call, isSettled, onFailure }: LetGoParts) {
  let stopped = false
  let running: Promise<void> | undefined
  let again = false

  const step = async (room: Id): Promise<"more" | "none" | "later"> => {
    const rows = await store.range<LetGo>(`${LET_GO}${room}/`, { limit: AT_ONCE })
    const first = rows[0]?.value
    if (!first || !isSettled(room)) return "none"
    const same = rows.filter(({ value }) => isWaitingToBeLetGo(value, first))
    const request = { seqs: same.map(({ value }) => value.seq), reason: first.reason }
    const answer = await call("emptyEntries", { params: { room }, request })
    const later = !answer.ok && (answer.error.kind === "offline" || retried(answer.error.kind))
    if (later || stopped) return "later"
    await store.write(same.map(({ key }) => ({ drop: key })))
    return "more"
  }

  const round = async () => {
    for (const room of new Set((await store.keys(LET_GO)).map(roomToLetGo))) {
      let said: Awaited<ReturnType<typeof step>> = "more"
      while (said === "more" && !stopped) said = await step(room)
      if (said === "later") return
    }
  }

  const run = () => {
    again = true
    running ??= (async () => {
      while (again && !stopped) {
        again = false
        await round()
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
