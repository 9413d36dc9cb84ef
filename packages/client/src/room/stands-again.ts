/** What came from the log of a room in which a restored house had lost something: it may stand there again. */
import { actsOn } from "./acts-again.ts"
import { putItem, type RoomCore } from "./core.ts"
import type { Taken } from "./inbox.ts"
import { repeatedBy, repeatedWrites } from "./step-back.ts"

/** What is to be written with it; `queued`: the outbox, if it changes. */
export async function standsAgain(core: RoomCore, { repeats, history, state }: Taken) {
  const { writes, remember } = await repeatedWrites(core, repeats)
  const acts = await actsOn(core, history, state.outbox, (entry, content) =>
    repeatedBy(core, entry, content, "first"),
  )
  writes.push(...acts.items.map((item) => putItem(core.room, item)), ...acts.writes)
  const queued = acts.items.length > 0 ? { outbox: [...state.outbox, ...acts.items] } : {}
  return { writes, remember, queued }
}
