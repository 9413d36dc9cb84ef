import { CHAIN_START, nextHash } from "@teahouse/protocol/chain.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import { createCore } from "./core.ts"
import type { RoomParts } from "./parts.ts"
import { createReceiver } from "./receive.ts"
import type { RoomState } from "./state.ts"

const room = id()
const [incarnation, generation] = [1, 0]

/** The room's first message; nobody here can read it. */
function entry(): Entry {
  const said = { seq: 1, generation, kind: 0 as const, device: id(), n: 1, time: 1 }
  const bodyHash = new Uint8Array(32)
  return {
    ...said,
    ...{ body: null, bodyHash, hash: nextHash(CHAIN_START, { room, incarnation, ...said, bodyHash }) },
  }
}

function scene() {
  const asked: string[] = []
  const alarms: string[] = []
  const failures: unknown[] = []
  const due: (() => void)[] = []
  let full = false
  const parts = {
    pace: { suspectMs: 10_000 },
    clock: () => 1,
    timers: (_ms: number, run: () => void) => {
      due.push(run)
      return () => {}
    },
    me: { device: id(), user: id() },
    history: { block: async () => [], add: async () => [], added: () => {} },
    marks: { get: async () => undefined, writes: () => [], wrote: () => {} },
    store: {
      write: async () => {
        if (full) throw new Error("the device is full")
      },
    },
    changes: { emit: () => {} },
    onTaken: () => {},
    blocked: () => false,
    alarm: (kind: string) => alarms.push(kind),
    send: (frame: { t: string }) => asked.push(frame.t),
    onFailure: (error: unknown) => failures.push(error),
  } as unknown as RoomParts
  const core = createCore(parts, {
    meta: { room, seq: 0, hash: CHAIN_START, incarnation, generation, lost: true, joined: { seq: 0 } },
    outbox: [],
  } as unknown as RoomState)
  core.line.connected = true
  const receiver = createReceiver(core, () => {})
  const frame = { room, incarnation }
  return {
    ...{ asked, alarms, failures, core },
    wake: () => due.splice(0).map((run) => run()),
    become: (state: "full" | "empty") => {
      full = state === "full"
    },
    entries: () => receiver.onEntries({ t: "entries", ...frame, entries: [entry()] }),
    live: () => receiver.onLive({ t: "live", ...frame, seq: 1 }),
  }
}

test("a device that is full does not call the house a liar, and reads on when it has room", async () => {
  const { core, alarms, failures, asked, wake, become, entries, live } = scene()
  become("full")
  for (let turn = 0; turn < 5; turn++) {
    await entries()
    await live()
    wake()
  }
  expect(alarms).toEqual([])
  expect(failures).toHaveLength(5)
  // Once in a while, and not at once for as long as it is full.
  expect(asked).toEqual(Array(5).fill("subscribe"))
  become("empty")
  await entries()
  await live()
  expect(core.state().meta.seq).toBe(1)
  expect(core.line.live).toBe(true)
  expect(alarms).toEqual([])
})

test("a log that is said to be complete twice and is not is an alarm", async () => {
  const { alarms, live } = scene()
  for (let turn = 0; turn < 3; turn++) await live()
  expect(alarms).toEqual(["forked"])
})
