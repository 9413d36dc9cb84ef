import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import type { RoomCore } from "./core.ts"
import { createSender } from "./sender.ts"

const bytes = new Uint8Array(1)
const UNTIL = 100

/** What goes out of a room in which a sealed message waits, and what is done again there. */
async function pumped({ mine, back, now }: { mine: boolean; back: boolean; now: number }) {
  const [room, me, eve, owner] = [id(), id(), id(), id()]
  const done: unknown[] = []
  let sent = 0
  const state = {
    meta: {
      ...{ room, standing: "open", lost: false, owesUpdate: false },
      users: back ? [me, eve] : [me],
      out: [{ user: eve, by: id(), until: UNTIL }],
    },
    group: { generation: 0, epoch: 1, judged: { policy: groupPolicy(mine ? me : owner), leaves: [] } },
    outbox: [
      {
        ...{ order: 1, key: "a", at: 0, state: "sealed", draft: { kind: "text", text: "x" } },
        sealed: { n: 1, generation: 0, epoch: 1, bytes, content: bytes },
      },
    ],
  }
  const core = {
    room,
    line: { connected: true, live: true, sent: false, notBefore: 0, failures: 0 },
    parts: {
      ...{ me: { user: me }, pace: {}, clock: () => now },
      redo: (what: string, _: unknown, users: readonly unknown[]) => void done.push(what, users.length),
      send: () => {
        sent++
        return true
      },
    },
    state: () => state,
    locked: (task: () => Promise<void>) => task(),
    after: () => () => {},
    resting: () => 0,
  } as unknown as RoomCore
  createSender(core).pump()
  await new Promise((after) => setTimeout(after))
  return { sent, done }
}

test("where a restored house has brought somebody back, who knows of it says nothing before they are out again", async () => {
  const waits = { back: true, now: UNTIL - 1 }
  expect(await pumped({ ...waits, mine: true })).toEqual({ sent: 0, done: ["out", 1] })
  expect(await pumped({ ...waits, mine: false })).toEqual({ sent: 0, done: [] })
  // They are out, or nobody has come who may take them out.
  expect(await pumped({ mine: true, back: false, now: 0 })).toEqual({ sent: 1, done: [] })
  expect(await pumped({ mine: false, back: true, now: UNTIL })).toEqual({ sent: 1, done: [] })
})
