/**
 * Many people at little cost: every account registers through the real routes and leaves the packages by which it can be added
 * to rooms, and none of them has a client. Only that all are friends of one person is written into the table: as many
 * friend requests would be as many rooms, and nothing of them is looked at.
 */
import { DatabaseSync } from "node:sqlite"
import { random } from "@teahouse/judge/cases/world.fixture.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import {
  callerOf,
  publish,
  register,
  type Speaker,
  type TestPerson,
} from "@teahouse/server/http/house.fixture.ts"

/** Registrations at the same time. */
const ABREAST = 8

/** Their packages are published where `reachable`. The house's rates must allow for it. `name`: how all of their names begin. */
export async function crowd(
  url: string,
  count: number,
  reachable = true,
  name = "guest",
): Promise<TestPerson[]> {
  const speaker: Speaker = { call: callerOf(url) }
  const people: TestPerson[] = []
  let next = 0
  const registering = async () => {
    for (let i = next++; i < count; i = next++) {
      const one = await register(speaker, `${name}-${i}`)
      if (reachable) await publish(speaker, one, 2)
      people.push(one)
    }
  }
  await Promise.all(Array.from({ length: ABREAST }, registering))
  return people
}

/** `database`: the file of a house on SQLite. */
export function befriendAll(database: string, user: Id, others: readonly TestPerson[]): void {
  const db = new DatabaseSync(database, { timeout: 5_000 })
  const insert = db.prepare(
    "INSERT INTO contact (user_id, peer_id, state, room_id, since) VALUES (?, ?, 1, ?, 0)",
  )
  db.exec("BEGIN IMMEDIATE")
  const mine = idBytes(user)
  for (const other of others) {
    const theirs = idBytes(other.person.user)
    const room = random(16)
    insert.run(mine, theirs, room)
    insert.run(theirs, mine, room)
  }
  db.exec("COMMIT")
  db.close()
}
