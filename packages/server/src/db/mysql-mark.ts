/**
 * Whether a group was written whose COMMIT nobody answered. A group with named writes counts itself up in a row of its node, in its own
 * transaction: afterwards the row says whether that transaction stands. It is asked under the row that every group locks: as long as
 * the server has not decided on the lost one, that row is not free.
 *
 * Groups of messages alone go without: their numbers say whether they were placed. Rejected: to ask each of forty writes
 * whether it has happened; a row for each write, which would have to be removed again.
 */
import { randomBytes } from "node:crypto"
import type { Query } from "../room/append-mysql.ts"

/** Whoever has not written for so long waits for no answer any more (ms). */
const FORGOTTEN_MS = 7 * 24 * 3_600_000

/** Every group's first statement: they come one after another, on whichever node. */
export const TURN = "SELECT id FROM migration WHERE id = 1 FOR UPDATE"

export type Marks = ReturnType<typeof createMarks>

export function createMarks(now: () => number) {
  const node = randomBytes(16)
  let n = 0
  return {
    /** In the group's transaction; what is returned is its mark. */
    async set(query: Query): Promise<number> {
      n++
      const done = await query("UPDATE group_mark SET n = ?, time = ? WHERE node = ?", [n, now(), node])
      if ((done as { affectedRows?: number }).affectedRows === 0) {
        await query("DELETE FROM group_mark WHERE time < ?", [now() - FORGOTTEN_MS])
        await query("INSERT INTO group_mark (node, n, time) VALUES (?, ?, ?)", [node, n, now()])
      }
      return n
    },
    /** Over a connection that has nothing else open. */
    async stands(query: Query, mark: number): Promise<boolean> {
      await query("START TRANSACTION", [])
      await query(TURN, [])
      const [row] = (await query("SELECT n FROM group_mark WHERE node = ?", [node])) as { n: number }[]
      await query("COMMIT", [])
      return Number(row?.n) === mark
    },
  }
}
