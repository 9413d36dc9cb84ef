/**
 * Who has a database open. The server's named locks say it: they end with the connection that took them, so a node that was
 * killed leaves nothing behind. Each node holds one of 64; whoever moves the whole database takes all of them, and gets them only when
 * no house is open. Rejected: a row for each node with a time, which outlives a kill and needs clocks that agree.
 */
import type { Query } from "../room/append-mysql.ts"

export const NODES = 64
/** Until the server has noticed that a connection is gone (s). */
const PATIENCE_S = 3

/** Names are the server's, not a database's, and have at most 64 characters in MySQL. */
const NAME = "CONCAT('teahouse.open.', LEFT(SHA2(DATABASE(), 256), 16), '.', ?)"
const numbers = Array.from({ length: NODES }, (_, n) => n)

async function take(query: Query, n: number, seconds: number): Promise<boolean> {
  const [row] = (await query(`SELECT GET_LOCK(${NAME}, ?) AS taken`, [n, seconds])) as {
    taken: number | null
  }[]
  return row?.taken === 1
}

/** For a node. False: somebody has all of them. */
export async function openForHouse(query: Query): Promise<boolean> {
  for (const n of numbers) if (await take(query, n, 0)) return true
  return take(query, 0, PATIENCE_S)
}

/** For whoever moves it. False: a house is open. */
export async function openAlone(query: Query): Promise<boolean> {
  for (const n of numbers) {
    if (await take(query, n, n === 0 ? PATIENCE_S : 0)) continue
    await query("SELECT RELEASE_ALL_LOCKS()", [])
    return false
  }
  return true
}
