import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import { createCore } from "./core.ts"
import type { RoomParts } from "./parts.ts"
import type { RoomState } from "./state.ts"

function scene() {
  const asked: string[] = []
  const failures: unknown[] = []
  const due: (() => void)[] = []
  let now = 1_000_000
  const parts = {
    pace: { suspectMs: 10_000 },
    clock: () => now,
    timers: (_ms: number, run: () => void) => {
      due.push(run)
      return () => {}
    },
    send: (frame: { t: string }) => asked.push(frame.t),
    onFailure: (error: unknown) => failures.push(error),
  } as unknown as RoomParts
  const room = id()
  const core = createCore(parts, {
    meta: { room, seq: 1, incarnation: 1 },
    outbox: [],
  } as unknown as RoomState)
  core.line.connected = true
  const move = (ms: number) => {
    now += ms
  }
  return { core, asked, failures, move, wake: () => due.splice(0).map((run) => run()) }
}

test("what fails is told, and the log is looked at again in a while", async () => {
  const { core, asked, failures, wake } = scene()
  const full = new Error("the device is full")
  await core.locked(() => Promise.reject(full))
  expect(failures).toEqual([full])
  expect(asked).toEqual([])
  wake()
  expect(asked).toEqual(["subscribe"])
})

test("a rest is as long as it was said to be, and a clock that is set back makes it no longer", () => {
  const { core, move } = scene()
  core.rest(5_000)
  move(2_000)
  expect(core.resting()).toBe(3_000)
  move(-3_600_000)
  expect(core.resting()).toBe(0)
  core.rest(5_000)
  move(5_000)
  expect(core.resting()).toBe(0)
})

test("whoever waits for something in a room hears of what fails, and of a room that has stopped", async () => {
  const { core, failures } = scene()
  const full = new Error("the device is full")
  await expect(core.attempt(() => Promise.reject(full))).rejects.toBe(full)
  let done = 0
  const task = async () => void done++
  expect(await core.attempt(task)).toBe(true)
  await core.stop()
  expect(await core.attempt(task)).toBe(false)
  expect([done, failures]).toEqual([1, []])
})
