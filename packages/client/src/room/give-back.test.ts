import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import type { RoomCore } from "./core.ts"
import type { OutboxItem } from "./records.ts"
import { createSender } from "./sender.ts"
import type { RoomState } from "./state.ts"

const text = (order: number, more: Partial<OutboxItem>): OutboxItem => ({
  ...{ order, key: `k${order}`, draft: { kind: "text", text: "hello" }, at: 0, state: "waiting" },
  ...more,
})

test("who is out of a room gets back what was not sent, without being connected, and what shows nothing is gone", async () => {
  const room = id()
  let state = {
    meta: { room, standing: "removed", incarnation: 1, seq: 9 },
    outbox: [
      text(1, { state: "sealed", sealed: {} as NonNullable<OutboxItem["sealed"]> }),
      text(2, {}),
      text(3, { draft: { kind: "receipt", delivered: 1 } }),
    ],
  } as unknown as RoomState
  const core = {
    ...{ room, line: { connected: false, live: false }, state: () => state },
    parts: { pace: {}, history: { block: async () => [] } },
    locked: (task: () => Promise<void>) => task(),
    save: async (next: RoomState) => {
      state = next
    },
    withItems(items: readonly OutboxItem[]) {
      const changed = new Map(items.map((item) => [item.order, item]))
      return { ...state, outbox: state.outbox.map((item) => changed.get(item.order) ?? item) }
    },
  } as unknown as RoomCore
  createSender(core).pump()
  await expect
    .poll(() => state.outbox.map(({ order, state: now, error }) => [order, now, error?.kind]))
    .toEqual([
      [1, "refused", "not_a_member"],
      [2, "refused", "not_a_member"],
    ])
})
