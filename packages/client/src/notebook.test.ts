import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { keyRing } from "./account/keys.ts"
import type { ChatRecord } from "./content/notebook.ts"
import { createCrypto } from "./crypto/mls-crypto.ts"
import type { Amk } from "./crypto/port.ts"
import type { Call } from "./http.ts"
import { createNotebook } from "./notebook.ts"
import {
  chatName,
  chatPage,
  freshSettings,
  pageOf,
  readName,
  readPage,
  SETTINGS,
  settingsPage,
} from "./pages.ts"
import { memoryKeyBox } from "./store/key-box.ts"
import { memoryStores } from "./store/memory.ts"
import { sealedStore } from "./store/sealed.ts"

const alone = { life: async () => 1, onOlder: async () => {}, onLacking() {}, named: () => new Map() }
const crypto = createCrypto()
const user = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const amk = await crypto.account.newAmk(await crypto.account.newAccount(), user, 1)
type Stored = { id: Uint8Array; version: number; generation: number; sealed: Uint8Array }

/** The house's half: compare-and-set and a cursor. */
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
async function device(call: Call, keys: () => readonly Amk[] = () => [amk]) {
  const key = await memoryKeyBox().save("a", crypto.sealed.newKey())
  const store = sealedStore(await memoryStores().open("a"), key, crypto.sealed)
  return createNotebook({ store, crypto, call, user, ...alone, keys: keyRing(crypto, keys) })
}
const pin = (at: number) => (old: ChatRecord | undefined) => ({ v: 1, ...old, pinned: { on: true, at } })
const mute = (at: number) => (old: ChatRecord | undefined) => ({
  ...{ v: 1, ...old },
  level: { value: "none" as const, at },
})
const flush = (one: Awaited<ReturnType<typeof device>>) => one.flush(() => true, pageOf)

test("two devices that write at once: the second merges, nobody's change is lost silently", async () => {
  const { call } = house()
  const [phone, desk] = [await device(call), await device(call)]
  const place = (seq: number) => () => ({ v: 1, incarnation: 1, seq, at: 1 })
  await phone.change(readName(user), readPage, place(9))
  await desk.change(readName(user), readPage, place(4))
  await flush(phone)
  await flush(desk)
  await phone.pull()
  expect((await phone.get(readName(user), readPage))?.seq).toBe(9)
  expect((await desk.get(readName(user), readPage))?.seq).toBe(9)
})

test("what was pulled before a waiting change is pushed is merged, and not written over", async () => {
  const { call } = house()
  const [phone, desk] = [await device(call), await device(call)]
  await phone.change(chatName(user), chatPage, pin(1))
  await flush(phone)
  await desk.pull()
  await desk.change(chatName(user), chatPage, mute(2))
  await phone.change(chatName(user), chatPage, pin(3))
  await flush(phone)
  await desk.pull()
  expect(await flush(desk)).toBe(true)
  expect(await flush(desk)).toBe(false)
  await phone.pull()
  for (const one of [phone, desk])
    expect(await one.get(chatName(user), chatPage)).toEqual({
      ...{ v: 1, pinned: { on: true, at: 3 } },
      level: { value: "none", at: 2 },
    })
})

test("what another device says counts also while a change of one's own still waits", async () => {
  const { call } = house()
  const [phone, desk] = [await device(call), await device(call)]
  await phone.change(chatName(user), chatPage, pin(1))
  await desk.change(chatName(user), chatPage, mute(2))
  await flush(desk)
  expect(await phone.pull()).toBe(true)
  const both = { v: 1, pinned: { on: true, at: 1 }, level: { value: "none", at: 2 } }
  expect(await phone.get(chatName(user), chatPage)).toEqual(both)
  await flush(phone)
  await desk.pull()
  expect(await desk.get(chatName(user), chatPage)).toEqual(both)
})

test("a change is there at once, and kept until the house has it; the house sees neither name nor value", async () => {
  const { call, records } = house()
  const one = await device((async () => err({ kind: "offline" })) as unknown as Call)
  await one.change(SETTINGS, settingsPage, () => ({ ...freshSettings, nickname: "小兰" }))
  await flush(one)
  expect((await one.get(SETTINGS, settingsPage))?.nickname).toBe("小兰")
  const two = await device(call)
  await two.change(SETTINGS, settingsPage, () => ({ ...freshSettings, nickname: "小兰" }))
  await flush(two)
  const seen = JSON.stringify([...records.values()].map((record) => [...record.sealed]))
  expect(seen).not.toContain([...new TextEncoder().encode("小兰")].join(","))
  const three = await device(call)
  expect(await three.pull()).toBe(true)
  expect((await three.get(SETTINGS, settingsPage))?.nickname).toBe("小兰")
})

test("of two devices' heads of a room the further one stays, however far either has read", () => {
  const head = (seq: number) => ({ generation: 0, epoch: seq, seq, hash: new Uint8Array(32).fill(seq) })
  const place = (seq: number, at: number) => ({ v: 1, incarnation: 1, seq, at: 1, head: head(at) })
  expect(readPage.merge(place(9, 10), place(4, 20))).toEqual(place(9, 20))
  expect(readPage.merge(place(4, 20), place(9, 10))).toEqual(place(9, 20))
  const { head: _, ...bare } = place(5, 5)
  expect(readPage.merge(bare, place(4, 20))).toEqual({ ...bare, head: head(20) })
  expect(readPage.merge(bare, { ...place(9, 9), incarnation: 2 })).toEqual(bare)
})

test("a device that lacks the newest key keeps what it has, and nothing that it changes is lost or written over", async () => {
  const { call, records } = house()
  const second: Amk = { generation: 2, key: crypto.sealed.newKey() }
  let known: readonly Amk[] = [amk]
  const [phone, desk] = [await device(call, () => known), await device(call, () => [amk, second])]
  await phone.change(chatName(user), chatPage, pin(1))
  await flush(phone)
  await desk.pull()
  await desk.change(chatName(user), chatPage, mute(2))
  await flush(desk)
  expect([...records.values()].map(({ generation, version }) => [generation, version])).toEqual([[2, 2]])

  expect(await phone.pull()).toBe(false)
  expect(await phone.get(chatName(user), chatPage)).toEqual({ v: 1, pinned: { on: true, at: 1 } })
  await phone.change(chatName(user), chatPage, pin(3))
  await flush(phone)
  expect([...records.values()].map(({ generation, version }) => [generation, version])).toEqual([[2, 2]])
  known = [amk, second]
  await flush(phone)
  const both = { v: 1, pinned: { on: true, at: 3 }, level: { value: "none", at: 2 } }
  expect(await phone.get(chatName(user), chatPage)).toEqual(both)
  await desk.pull()
  expect(await desk.get(chatName(user), chatPage)).toEqual(both)
})
