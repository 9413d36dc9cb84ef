/** The two records of a profile that nothing vouches for, with each of their bits flipped: the password still leads in. */
import { pack } from "@teahouse/protocol/pack.ts"
import { expect, test } from "vitest"
import { mlsCrypto } from "../crypto/mls-crypto.ts"
import { id, person } from "../crypto/people.fixture.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { indexOf } from "./index-store.ts"
import { newStoreKey, openStoreKey, STORE_KEY } from "./unlock.ts"

function* flipped(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length * 8; at++) {
    const other = bytes.slice()
    other[at >> 3] = (other[at >> 3] ?? 0) ^ (1 << (at & 7))
    yield other
  }
}

test("a store's sealed key", async () => {
  const lin = await person("lin")
  const amk = await mlsCrypto.account.newAmk(lin.keys, lin.user, 1)
  const store = await memoryStores().open("lin")
  const box = memoryKeyBox()
  await newStoreKey(store, mlsCrypto, box, "1/lin", amk)
  const opened = () => openStoreKey(store, mlsCrypto, box, "1/lin", [amk])
  expect(await opened()).toBeDefined()
  const sound = (await store.get(STORE_KEY)) as Uint8Array
  for (const value of [...flipped(sound), pack(null), pack({}), pack({ generation: 1, sealed: "x" })]) {
    await store.batch([{ put: STORE_KEY, value }], "strict")
    expect(await opened()).toBeUndefined()
  }
})

test("who was here last, and the house", async () => {
  const store = await memoryStores().open("index")
  const index = indexOf(store)
  const last = { user: id(), username: "lin" }
  await index.setLast(last)
  const pin = { house: id(), houseKey: new Uint8Array(32), opaqueKey: "key", incarnation: 1 }
  await index.setHouse(pin)
  expect([await index.last(), await index.house()]).toEqual([last, pin])
  for (const value of flipped((await store.get("last")) as Uint8Array)) {
    await store.batch([{ put: "last", value }], "strict")
    const read = await index.last()
    expect(read === undefined || (read.user.length === 22 && typeof read.username === "string")).toBe(true)
  }
  await store.batch([{ put: "house", value: pack({ ...pin, houseKey: "text" }) }], "strict")
  expect(await index.house()).toBeUndefined()
})
