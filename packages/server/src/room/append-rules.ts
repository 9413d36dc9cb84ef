/**
 * What an append answers, whatever database it is written to (docs/contract.md 4): appender.ts on SQLite, append-mysql.ts on MySQL.
 * The rules' order is part of them: what is repeated is answered as before, also by whoever may not send any more.
 */
import type { Outcome } from "./append-batch.ts"
import { membership, type Position, roomStates } from "./log.ts"

type RoomNow = {
  readonly state: number
  readonly generation: number
  readonly epoch: number
  /** Leaves that wait to be removed. */
  readonly leaving: number
}

/** Why new items are not taken. */
export function objectionTo(
  room: RoomNow,
  { member }: { readonly member: number },
  asked: { readonly generation: number; readonly epoch: number },
): Exclude<Outcome, "placed"> | undefined {
  if (member !== membership.member) return "not_a_member"
  if (room.state !== roomStates.open) return "room_frozen"
  if (room.generation !== asked.generation || room.epoch !== asked.epoch) return "stale_epoch"
  if (room.leaving > 0) return "removal_due"
  return undefined
}

export type Placed = Position & { readonly n: number }

/**
 * The first answer to the items that are repeated, of the `count` numbers in `ns`, or undefined where one is older than that answer.
 * `rows`: what the sender's last answer has placed; `last`: its highest number.
 */
export function firstAnswer(
  rows: readonly Placed[],
  ns: ArrayLike<number>,
  count: number,
  last: number,
): readonly Placed[] | undefined {
  const out: Placed[] = []
  for (let i = 0; i < count; i++) {
    const n = ns[i] ?? 0
    if (n > last) break
    const row = rows.find((one) => one.n === n)
    if (!row) return undefined
    out.push(row)
  }
  return out
}
