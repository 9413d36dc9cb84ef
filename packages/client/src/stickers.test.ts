import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { keyRing } from "./account/keys.ts"
import { createChanges } from "./changes.ts"
import { STICKERS_MAX } from "./content/notebook.ts"
import { frame, stickerOf, webp } from "./content/sticker.fixture.ts"
import { STICKER_BYTES, stickerId } from "./content/sticker.ts"
import { createCrypto } from "./crypto/mls-crypto.ts"
import type { Call } from "./http.ts"
import { createNotebook } from "./notebook.ts"
import { pageOf, STICKERS, stickersPage } from "./pages.ts"
import { loadStickers } from "./stickers.ts"
import { memoryKeyBox } from "./store/key-box.ts"
import { memoryStores } from "./store/memory.ts"
import { sealedStore } from "./store/sealed.ts"

const alone = { life: async () => 1, onOlder: async () => {}, onLacking() {}, named: () => new Map() }
const crypto = createCrypto()
const user = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const amk = await crypto.account.newAmk(await crypto.account.newAccount(), user, 1)
type Stored = { id: Uint8Array; version: number; generation: number; sealed: Uint8Array }

function house() {
  const records = new Map<string, Stored & { cursor: number }>()
  let cursor = 0
  const call = (async (name: string, { request }: { request: Stored & { since: number } }) => {
    if (name === "readNotebook") {
      const news = [...records.values()].filter((record) => record.cursor > request.since)
      return ok({ records: news.map(({ cursor: _, ...record }) => record), cursor, more: false })
    }
    const key = request.id.join()
    if ((records.get(key)?.version ?? 0) + 1 !== request.version) return err({ kind: "version_conflict" })
    records.set(key, { ...request, cursor: ++cursor })
    return ok({ cursor })
  }) as unknown as Call
  return { call, records }
}
async function device(call: Call) {
  const key = await memoryKeyBox().save("a", crypto.sealed.newKey())
  const store = sealedStore(await memoryStores().open("a"), key, crypto.sealed)
  const notebook = createNotebook({ store, crypto, call, user, ...alone, keys: keyRing(crypto, () => [amk]) })
  let now = 0
  const stickers = await loadStickers({ notebook, changes: createChanges(), clock: () => ++now })
  return {
    ...stickers,
    notebook,
    ids: () => stickers.all().map(({ id }) => id),
    async sync() {
      await notebook.flush(() => true, pageOf)
      await notebook.pull()
      await stickers.reload()
    },
  }
}
const [tea, cup] = [stickerOf("tea"), stickerOf("cup")]

test("what one device keeps, the other has, picture and all; what it removes is gone there, and its bytes at the house", async () => {
  const { call, records } = house()
  const [phone, desk] = [await device(call), await device(call)]
  const added = await phone.add(tea)
  expect(added).toEqual(ok({ id: stickerId(tea), added: true }))
  await phone.add(cup)
  await phone.sync()
  await desk.sync()
  expect(desk.ids()).toEqual([stickerId(cup), stickerId(tea)])
  expect(desk.get(stickerId(tea))).toEqual({
    ...{ id: stickerId(tea), picture: tea, type: "image/webp", width: 120, height: 90 },
  })
  expect(await desk.remove(stickerId(tea))).toBe(true)
  expect(await desk.remove(stickerId(tea))).toBe(false)
  await desk.sync()
  await phone.sync()
  expect(phone.ids()).toEqual([stickerId(cup)])
  expect(records.size).toBe(3)
  expect(Math.min(...[...records.values()].map(({ sealed }) => sealed.length))).toBeLessThan(tea.length + 40)
})

test("one that is there already is no error and no second one", async () => {
  const one = await device(house().call)
  await one.add(tea)
  await one.add(cup)
  expect(await one.add(Uint8Array.from(tea))).toEqual(ok({ id: stickerId(tea), added: false }))
  expect(one.ids()).toEqual([stickerId(cup), stickerId(tea)])
})

test("removed on one device and added anew on the other: it is there, on both", async () => {
  const { call } = house()
  const [phone, desk] = [await device(call), await device(call)]
  await phone.add(tea)
  await phone.sync()
  await desk.sync()
  await phone.remove(stickerId(tea))
  await desk.remove(stickerId(tea))
  await desk.add(tea)
  await desk.sync()
  await phone.sync()
  await desk.sync()
  for (const one of [phone, desk]) expect(one.get(stickerId(tea))?.picture).toEqual(tea)
})

test("what is no sticker is refused and changes nothing", async () => {
  const one = await device(house().call)
  for (const bad of [new Uint8Array(), webp(frame(241, 1)), new Uint8Array(STICKER_BYTES + 1)])
    expect(await one.add(bad)).toEqual(err({ kind: "bad_picture" }))
  expect(one.all()).toEqual([])
  expect(await one.notebook.get(STICKERS, stickersPage)).toBeUndefined()
})

test("the largest fits into a record of the notebook, sealed", async () => {
  const { call, records } = house()
  const one = await device(call)
  const least = webp(frame(9, 9, new Uint8Array())).length
  const large = webp(frame(9, 9, new Uint8Array(STICKER_BYTES - least)))
  expect((await one.add(large)).ok).toBe(true)
  await one.sync()
  for (const { sealed } of records.values()) expect(sealed.length).toBeLessThan(limits.notebookRecordBytes)
})

test("one more than there is room for is refused; after one is removed there is room again", async () => {
  const one = await device(house().call)
  for (let n = 0; n < STICKERS_MAX; n++) await one.add(stickerOf(`${n}`))
  expect(await one.add(tea)).toEqual(err({ kind: "too_many_stickers" }))
  expect(await one.add(stickerOf("7"))).toEqual(ok({ id: stickerId(stickerOf("7")), added: false }))
  await one.remove(stickerId(stickerOf("7")))
  expect((await one.add(tea)).ok).toBe(true)
  expect(one.all()).toHaveLength(STICKERS_MAX)
})
