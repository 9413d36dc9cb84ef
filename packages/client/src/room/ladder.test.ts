/** When a device complains that it finds no way in: after a while, whatever its clock says meanwhile. */
import { expect, test } from "vitest"
import type { RoomCore } from "./core.ts"
import { createLadder } from "./ladder.ts"

function scene() {
  let now = 1_000_000
  let timers: (() => void)[] = []
  const asked: string[] = []
  const meta = { kind: "group", n: 1, hash: new Uint8Array(32) }
  const core = {
    room: "AAAAAAAAAAAAAAAAAAAAAA",
    parts: {
      crypto: { device: { sign: async () => new Uint8Array(64) } },
      me: { user: "BAAAAAAAAAAAAAAAAAAAAA", signature: { privateKey: new Uint8Array(32) } },
      call: async (name: string) => void asked.push(name),
      pace: { complainAfterMs: 30_000, patienceMs: 86_400_000, updateAfterMs: 30 },
      clock: () => now,
      jitter: () => 0,
      onFailure: (error: unknown) => {
        throw error
      },
    },
    state: () => ({ meta }),
    save: async () => {},
    after(_: number, run: () => void) {
      timers.push(run)
      return () => {
        timers = timers.filter((one) => one !== run)
      }
    },
  } as unknown as RoomCore
  const ladder = createLadder(core, async () => {})
  return {
    ...{ ladder, asked },
    stuck: () => ladder.stuck({ generation: 0, epoch: 3 }),
    setClock: (ms: number) => {
      now += ms
    },
    timeIsOver: () => timers.splice(0).forEach((run) => void run()),
  }
}

test.each([
  { clock: "is set back by a day", ms: -86_400_000 },
  { clock: "goes on as it should", ms: 30_000 },
])("a clock that $clock: it complains when the time is over", async ({ ms }) => {
  const { stuck, setClock, timeIsOver, asked } = scene()
  await stuck()
  setClock(ms)
  timeIsOver()
  await stuck()
  expect(asked).toEqual(["postNotice"])
})

test("a clock that is set forward makes it complain no sooner, and a way in makes it begin anew", async () => {
  const { ladder, stuck, setClock, timeIsOver, asked } = scene()
  await stuck()
  setClock(86_400_000)
  await stuck()
  expect(asked).toEqual([])
  ladder.over()
  timeIsOver()
  await stuck()
  expect(asked).toEqual([])
  timeIsOver()
  await stuck()
  expect(asked).toEqual(["postNotice"])
})
