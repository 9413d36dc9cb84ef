import { afterEach, expect, test } from "vitest"
import { commitOf, leaves, openDb, openTestRoom, tempDir } from "./log.fixture.ts"
import type { RosterLeaf } from "./writes/roster.ts"

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

test("a house whose clock was set back takes commits, and rests after each of them as before", async () => {
  const dir = tempDir()
  const db = await openDb(dir.path)
  undo.push(dir.remove, () => db.close())
  const roster = leaves(2)
  const { room } = await openTestRoom(db, roster)
  const [by] = roster as [RosterLeaf]
  const at = (n: number, now: number) => {
    const args = commitOf(room, by, n, n - 2, roster, { now, quietMs: 5_000 })
    return db.write("room.commit", args)
  }
  expect((await at(2, 3_600_000)).ok).toBe(true)
  expect(await at(3, 3_601_000)).toMatchObject({
    ok: false,
    error: { kind: "rate_limited", retryAfterMs: 4_000 },
  })
  expect((await at(3, 60_000)).ok).toBe(true)
})
