/** What every store adapter must do. A test gives it `test` and `expect` of its own runner and the adapter. */
import type { Store, Stores } from "./port.ts"

export type ContractRunner = {
  test(name: string, run: () => Promise<void>): void
  equal(actual: unknown, expected: unknown): void
}

const bytes = (...values: number[]) => Uint8Array.from(values)
const keysOf = (rows: readonly { key: string }[]) => rows.map((row) => row.key)

export function storeContract({ test, equal }: ContractRunner, stores: () => Stores) {
  const withStore = (name: string, run: (store: Store, all: Stores) => Promise<void>) =>
    test(name, async () => {
      const all = stores()
      const store = await all.open("contract")
      try {
        await run(store, all)
      } finally {
        await store.close()
        await all.remove("contract")
      }
    })

  withStore("gives back what was put, and undefined for what was not", async (store) => {
    await store.batch([{ put: "a", value: bytes(1, 2) }])
    equal(Array.from((await store.get("a")) ?? []), [1, 2])
    equal(await store.get("b"), undefined)
  })

  withStore("a batch overwrites and drops in its order", async (store) => {
    await store.batch(
      [
        { put: "a", value: bytes(1) },
        { put: "a", value: bytes(2) },
        { put: "b", value: bytes(3) },
      ],
      "strict",
    )
    await store.batch([{ drop: "b" }, { drop: "never there" }])
    equal(Array.from((await store.get("a")) ?? []), [2])
    equal(await store.get("b"), undefined)
  })

  withStore("a range holds exactly its prefix, in order, both ways, bounded", async (store) => {
    const keys = ["r/1", "r/2", "r/3", "q/9", "s/0", "r", "r0"]
    await store.batch(keys.map((put, i) => ({ put, value: bytes(i) })))
    equal(keysOf(await store.range("r/")), ["r/1", "r/2", "r/3"])
    equal(keysOf(await store.range("r/", { reverse: true })), ["r/3", "r/2", "r/1"])
    equal(keysOf(await store.range("r/", { from: "r/2" })), ["r/2", "r/3"])
    equal(keysOf(await store.range("r/", { from: "r/2", reverse: true })), ["r/2", "r/1"])
    equal(keysOf(await store.range("r/", { limit: 2 })), ["r/1", "r/2"])
    equal(keysOf(await store.range("r/", { limit: 1, reverse: true })), ["r/3"])
    equal(keysOf(await store.range("r/", { from: "zz" })), [])
    equal(keysOf(await store.range("none/")), [])
    equal(Array.from((await store.range("r/"))[1]?.value ?? []), [1])
    equal(await store.keys("r/"), ["r/1", "r/2", "r/3"])
    equal(await store.keys("none/"), [])
  })

  withStore("dropping a prefix leaves its neighbours", async (store) => {
    await store.batch(["d/1", "d/2", "d", "e/1"].map((put) => ({ put, value: bytes(1) })))
    await store.batch([{ dropPrefix: "d/" }])
    equal(keysOf(await store.range("")), ["d", "e/1"])
  })

  withStore("values are copied: changing one's own bytes later changes nothing", async (store) => {
    const value = bytes(1, 2, 3)
    await store.batch([{ put: "a", value }])
    value[0] = 9
    equal(Array.from((await store.get("a")) ?? []), [1, 2, 3])
  })

  withStore("survives closing, and not removing", async (store, all) => {
    await store.batch([{ put: "a", value: bytes(7) }], "strict")
    await store.close()
    const again = await all.open("contract")
    equal(Array.from((await again.get("a")) ?? []), [7])
    await again.close()
    await all.remove("contract")
    const fresh = await all.open("contract")
    equal(await fresh.get("a"), undefined)
    await fresh.close()
  })

  withStore("two names are two stores", async (store, all) => {
    const other = await all.open("other")
    await store.batch([{ put: "a", value: bytes(1) }])
    equal(await other.get("a"), undefined)
    await other.close()
    await all.remove("other")
  })

  withStore(
    "two who have one store open see what the other writes, and what he drops",
    async (store, all) => {
      const other = await all.open("contract")
      await store.batch([
        { put: "p/1", value: bytes(1) },
        { put: "p/2", value: bytes(2) },
      ])
      equal(keysOf(await other.range("p/")), ["p/1", "p/2"])
      await store.batch([{ drop: "p/1" }, { put: "p/3", value: bytes(3) }])
      equal(keysOf(await other.range("p/")), ["p/2", "p/3"])
      await other.close()
    },
  )

  withStore("batches in flight at once all arrive", async (store) => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => store.batch([{ put: `p/${i}`, value: bytes(i) }])))
    equal((await store.range("p/")).length, 50)
  })
}
