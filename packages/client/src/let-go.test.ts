/** What a device asks a house to let go of, where that was restored and positions come again. */
import { ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { createCrypto } from "./crypto/mls-crypto.ts"
import { id } from "./crypto/people.fixture.ts"
import { LET_GO, type LetGo, letGoWrites } from "./history/let-go.ts"
import type { Call } from "./http.ts"
import { loadKept } from "./kept.ts"
import { createLettingGo } from "./let-go.ts"
import type { RoomCore } from "./room/core.ts"
import type { RoomState } from "./room/state.ts"
import { stepBack } from "./room/step-back.ts"
import { memoryKeyBox } from "./store/key-box.ts"
import { memoryStores } from "./store/memory.ts"
import { sealedStore } from "./store/sealed.ts"

const crypto = createCrypto()
const open = async () =>
  sealedStore(
    await memoryStores().open("a"),
    await memoryKeyBox().save("a", crypto.sealed.newKey()),
    crypto.sealed,
  )
const onFailure = (error: unknown) => {
  throw error
}

test("a room that has not heard what a restored house has lost of it is left alone, and no other waits for it", async () => {
  const [behind, other] = [id(), id()].sort() as [ReturnType<typeof id>, ReturnType<typeof id>]
  const store = await open()
  const asked: [string, number[]][] = []
  const call = (async (
    _: string,
    { params, request }: { params: { room: string }; request: LetGo & { seqs: number[] } },
  ) => {
    asked.push([params.room, request.seqs])
    return ok({})
  }) as unknown as Call
  const settled = new Set<string>([other])
  const lettingGo = createLettingGo({ store, call, onFailure, isSettled: (room) => settled.has(room) })
  await store.write([...letGoWrites(behind, [7, 9], "expire"), ...letGoWrites(other, [7], "recall")])
  lettingGo.run()
  await expect.poll(() => asked).toEqual([[other, [7]]])
  settled.add(behind)
  lettingGo.run()
  await expect.poll(() => asked.slice(1)).toEqual([[behind, [7, 9]]])
  await expect.poll(() => store.keys(LET_GO)).toEqual([])
  await lettingGo.stop()
})

test("what a room has lost is not let go of, nor hidden, where something else comes to stand", async () => {
  const [room, user] = [id(), id()]
  const store = await open()
  await store.write([
    ...letGoWrites(room, [3, 4, 5], "expire"),
    { put: `hidden-ahead/${room}`, value: { room, seqs: [4, 5, 6], life: 1 } },
  ])
  const hidden: number[] = []
  let meta = { room, incarnation: 1, seq: 5, joined: { seq: 1 }, read: 5, unread: 0 }
  let state = { meta, outbox: [] } as unknown as RoomState
  let letGo = 0
  const core = {
    ...{ room, line: {}, state: () => state },
    async save(next: RoomState, writes: Parameters<typeof store.write>[0]) {
      state = next
      await store.write(writes)
    },
    parts: {
      ...{ store, crypto, me: { user, device: id() }, clock: () => 0, pace: { patienceMs: 1 }, alarm() {} },
      history: { block: async () => [] },
      marks: { block: async () => new Map() },
      onLetGo: () => letGo++,
    },
  } as unknown as RoomCore
  const back = { seq: 4, hash: new Uint8Array(32) }
  await stepBack(core, { life: { incarnation: 50, kept: 4 }, after: 4, back: back as never })
  expect((await store.range<LetGo>(LET_GO)).map(({ value }) => value.seq)).toEqual([3, 4])
  expect(letGo).toBe(1)

  const kept = await loadKept({
    ...{ store, onFailure, clock: () => 0, changes: { emit() {} } as never },
    notebook: { get: async () => undefined } as never,
    rooms: {
      get: () => ({ state: () => state, forget: async (seqs: number[]) => hidden.push(...seqs) }),
    } as never,
  })
  meta = { ...state.meta, seq: 6 } as never
  state = { ...state, meta: meta as never }
  kept.taken(state)
  await expect.poll(() => store.keys("hidden-ahead/")).toEqual([])
  expect(hidden).toEqual([4])
})
