import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Kept } from "../history/kept.ts"
import type { RoomCore } from "./core.ts"
import { restore } from "./restore.ts"
import type { RoomState } from "./state.ts"

const entry = (seq: number): HistoryEntry => ({
  ...{ seq, generation: 0, kind: 0, device: id(), n: seq, time: 0, hash: new Uint8Array(32) },
  item: { type: "nothing" },
})

test("what another device has read further than this one is left to the log", async () => {
  const room = id()
  const kept: number[][] = []
  const state = { meta: { room, incarnation: 1, seq: 3, joined: { seq: 1 }, read: 0, unread: 0 }, outbox: [] }
  const core = {
    ...{ room, state: () => state as unknown as RoomState },
    save: async () => {},
    parts: {
      me: { user: id() },
      store: { range: async () => [] },
      marks: { block: async () => new Map(), writes: () => [], wrote() {} },
      history: {
        block: async () => [entry(2), entry(3)],
        replaced() {},
        async replace(_room: string, _life: number, _number: number, all: readonly HistoryEntry[]) {
          kept.push(all.map(({ seq }) => seq))
          return []
        },
      },
      onExpiring() {},
    },
  } as unknown as RoomCore
  const given = { entries: [1, 2, 3, 4, 5].map(entry), marks: new Map([[5, { at: 5 }]]) } as unknown as Kept
  await restore(core, { incarnation: 1, number: 0 }, given, [])
  // A life that is over is wholly behind this device.
  await restore(core, { incarnation: 0, number: 0 }, given, [])
  expect(kept).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4, 5],
  ])
})
