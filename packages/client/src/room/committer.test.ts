import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import { createCommitter } from "./committer.ts"
import type { RoomCore } from "./core.ts"
import type { PendingCommit } from "./records.ts"
import type { RoomState } from "./state.ts"

test("a commit that was made while its number was taken by something else is posted under the next", async () => {
  const room = id()
  const bytes = new Uint8Array(1)
  const posted: number[] = []
  let state = { meta: { room, seq: 1, hash: bytes, n: 4 }, outbox: [] } as unknown as RoomState
  const answers = {
    groupInfo: {
      generation: 0,
      groupInfo: bytes,
      attestations: [],
      since: 0,
      seq: 1,
      hash: bytes,
      incarnation: 1,
    },
    lastNumber: { n: 4 },
  }
  const look = { epoch: 1, leaves: [], policy: { kind: "direct" } }
  const core = {
    room,
    line: { failures: 0, notBefore: 0, connected: false },
    parts: {
      me: {},
      pace: {},
      jitter: () => 0,
      clock: () => 60_000,
      knownIdentity: () => undefined,
      onFailure: (error: unknown) => {
        throw error
      },
      call: async (name: string, input: { request?: { n: number } }) => {
        // A notice takes number 5 while the commit is being made.
        if (name === "lastNumber") state = { ...state, meta: { ...state.meta, n: 5 } }
        if (name === "postCommit") posted.push(input.request?.n ?? 0)
        if (name === "postCommit") return { ok: false, error: { kind: "offline" } }
        return { ok: true, value: answers[name as keyof typeof answers] }
      },
      crypto: {
        room: {
          look: async () => ({ ok: true, value: look }),
          shown: () => undefined,
          joinExternally: async () => ({
            ok: true,
            value: { commit: bytes, groupInfo: bytes, next: { generation: 0 } },
          }),
          encode: () => bytes,
        },
      },
    },
    state: () => state,
    locked: (task: () => Promise<void>) => task(),
    save: async (next: RoomState) => {
      state = next
    },
    after: () => () => {},
  } as unknown as RoomCore
  createCommitter(core, () => {}).rejoin()
  await expect.poll(() => posted).toEqual([6])
  expect((state.pending as PendingCommit | undefined)?.n).toBe(6)
  // Nobody vouched for that GroupInfo, and it was a minute old.
  expect(state.pending?.unattested).toBe(true)
})
