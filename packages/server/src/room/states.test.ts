import { mlsJudge } from "@teahouse/judge/judge.ts"
import type { RoomState } from "@teahouse/judge/state.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { Database } from "../db/port.ts"
import { commitOf, id, leaves, openDb, openTestRoom, random, tempDir } from "./log.fixture.ts"
import { createStates } from "./states.ts"

let dir: ReturnType<typeof tempDir>
let db: Database
beforeEach(async () => {
  dir = tempDir()
  db = await openDb(dir.path)
})
afterEach(async () => {
  await db.close()
  dir.remove()
})

test("a state that is kept holds for the entry that made it, not for another room under its id", async () => {
  const states = createStates(db, id(), mlsJudge.open)
  const roster = leaves(1)
  const { room, maker } = await openTestRoom(db, roster)
  const first = await db.write("room.commit", commitOf(room, maker, 2, 0, roster))
  if (!first.ok) throw new Error(first.error.kind)
  const state = { room, generation: 0, epoch: 1, leaves: [] } as unknown as RoomState
  states.keep(state, first.value.hash)
  expect(await states.at(room, 0, 1)).toBe(state)
  expect(await states.at(room, 0, 2)).toBeUndefined()

  // Another node dropped the room, which nobody has told this one.
  await db.write("room.drop", { room })
  expect(await states.at(room, 0, 1)).toBeUndefined()
  await openTestRoom(db, roster, 1, room)
  await db.write("room.commit", commitOf(room, maker, 2, 0, roster))
  // It is read anew: here from bytes that are no state.
  await expect(states.at(room, 0, 1)).rejects.toThrow("not readable")
})

test("another epoch of the same room takes its place", async () => {
  const states = createStates(db, id(), mlsJudge.open)
  const state = { room: id(), generation: 0, epoch: 1, leaves: [] } as unknown as RoomState
  states.keep(state, random(32))
  expect(await states.at(state.room, 0, 1)).toBeUndefined()
})
