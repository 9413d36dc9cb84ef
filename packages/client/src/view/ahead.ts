/** What waits in the outbox, seen as done (room/ahead.ts); worked out once for each state of a room. */
import { SEGMENT } from "../history/history.ts"
import type { Home } from "../home.ts"
import { type Ahead, lookAhead } from "../room/ahead.ts"
import type { RoomState } from "../room/state.ts"

const known = new WeakMap<RoomState, Ahead | Promise<Ahead>>()

export function aheadOf(home: Home, state: RoomState): Ahead | Promise<Ahead> {
  const before = known.get(state)
  if (before) return before
  const { room, incarnation } = state.meta
  const made = lookAhead(state, {
    me: home.account.user,
    blocked: home.contacts.isBlocked,
    mark: (seq) => home.marks.get(room, incarnation, seq),
    async entry(seq) {
      const block = await home.history.block(room, incarnation, Math.floor(seq / SEGMENT))
      return block.find((one) => one.seq === seq)
    },
  })
  known.set(state, made)
  return made
}
