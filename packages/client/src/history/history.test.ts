import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { accountCrypto } from "../crypto/account.ts"
import { sealedCrypto } from "../crypto/sealed.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"
import type { HistoryEntry } from "./entry.ts"
import { createHistory, type History } from "./history.ts"

const room = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const entry = (seq: number): HistoryEntry => ({
  seq,
  generation: 0,
  kind: 0,
  device: room,
  n: seq,
  time: seq,
  hash: new Uint8Array(32).fill(seq & 255),
  user: room,
  item: { type: "content", bytes: Uint8Array.of(seq & 255) },
})
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => entry(from + i))

async function world() {
  const raw = await memoryStores().open("a")
  let reads = 0
  const key = await memoryKeyBox().save("a", sealedCrypto.newKey())
  const store = sealedStore(raw, key, sealedCrypto)
  const amk = await accountCrypto.newAmk(await accountCrypto.newAccount(), room, 1)
  const keys = await accountCrypto.amkKeys(amk)
  const counted = {
    ...store,
    get<T>(key: string) {
      reads++
      return store.get<T>(key)
    },
  }
  const open = () =>
    createHistory({ store: counted, sealed: sealedCrypto, user: room, keys: async () => keys })
  const add = async (history: History, entries: readonly HistoryEntry[]) => {
    await store.write(await history.add(room, 1, entries))
    history.added(room, 1, entries)
  }
  return { raw, open, add, reads: () => reads }
}

test("whatever the sizes of what comes, every entry is there, and again after a restart", async () => {
  const { raw, open, add } = await world()
  const history = open()
  let next = 5
  for (const size of [1, 1, 100, 149, 1, 1, 300, 7, 256, 1]) {
    await add(history, span(next, next + size - 1))
    next += size
  }
  for (const one of [history, open()]) {
    const all = []
    for (let number = 0; number <= Math.floor(next / 256); number++)
      all.push(...(await one.block(room, 1, number)))
    expect(all).toEqual(span(5, next - 1))
  }
  const records = (await raw.range("")).map((row) => row.key.split("/")[0])
  expect(records.filter((kind) => kind === "segment")).toHaveLength(Math.floor(next / 256))
  expect(records.filter((kind) => kind === "tail").length).toBeLessThan(256)
})

test("a block that is read while it grows is not remembered without what came", async () => {
  const { open, add } = await world()
  const history = open()
  await add(history, span(1, 3))
  const fresh = open()
  const early = fresh.block(room, 1, 0)
  await add(fresh, span(4, 4))
  await early
  expect((await fresh.block(room, 1, 0)).map((one) => one.seq)).toEqual([1, 2, 3, 4])
})

test("blocks are kept in memory by what they weigh: a few with pictures, many with words", async () => {
  const kept = async (bytes: number) => {
    const { open, add, reads } = await world()
    const heavy = (seq: number): HistoryEntry => ({
      ...entry(seq),
      item: { type: "content", bytes: new Uint8Array(bytes) },
    })
    const blocks = 8
    for (let number = 0; number < blocks; number++)
      await add(
        open(),
        span(number * 256, number * 256 + 255).map(({ seq }) => heavy(seq)),
      )
    const history = open()
    for (let number = blocks - 1; number >= 0; number--) await history.block(room, 1, number)
    let again = 0
    for (let number = 0; number < blocks; number++) {
      const before = reads()
      await history.block(room, 1, number)
      if (reads() === before) again++
    }
    return again
  }
  expect(await kept(100)).toBe(8)
  // 4 MB each.
  expect(await kept(16_000)).toBe(4)
})
