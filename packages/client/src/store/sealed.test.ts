import { expect, test } from "vitest"
import { sealedCrypto } from "../crypto/sealed.ts"
import { memoryKeyBox } from "./key-box.ts"
import { memoryStores } from "./memory.ts"
import { StoreDamaged, sealedStore } from "./sealed.ts"

async function open() {
  const stores = memoryStores()
  const raw = await stores.open("a")
  const key = await memoryKeyBox().save("a", sealedCrypto.newKey())
  return { raw, key, store: sealedStore(raw, key, sealedCrypto) }
}

test("values come back, and nothing of them is readable at rest", async () => {
  const { raw, store } = await open()
  await store.write([{ put: "k/1", value: { text: "你好 secret", n: 3, bytes: Uint8Array.of(1, 2) } }])
  expect(await store.get("k/1")).toEqual({ text: "你好 secret", n: 3, bytes: Uint8Array.of(1, 2) })
  expect((await store.range("k/")).map((row) => row.key)).toEqual(["k/1"])
  const atRest = new TextDecoder("latin1").decode(await raw.get("k/1"))
  expect(atRest).not.toContain("secret")
  await store.write([{ drop: "k/1" }])
  expect(await store.get("k/1")).toBeUndefined()
})

test("a flipped bit, and a value moved to another place, are damage and not data", async () => {
  const { raw, store } = await open()
  await store.write([
    { put: "a", value: 1 },
    { put: "b", value: 2 },
  ])
  const a = (await raw.get("a")) as Uint8Array
  await raw.batch([{ put: "b", value: a }])
  await expect(store.get("b")).rejects.toBeInstanceOf(StoreDamaged)
  const flipped = a.slice()
  flipped.set([(flipped.at(-1) as number) ^ 1], flipped.length - 1)
  await raw.batch([{ put: "a", value: flipped }])
  await expect(store.get("a")).rejects.toBeInstanceOf(StoreDamaged)
})

test("another key opens nothing", async () => {
  const { raw, store } = await open()
  await store.write([{ put: "a", value: 1 }])
  const other = await memoryKeyBox().save("b", sealedCrypto.newKey())
  await expect(sealedStore(raw, other, sealedCrypto).get("a")).rejects.toBeInstanceOf(StoreDamaged)
})
