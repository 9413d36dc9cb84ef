/** A house that has lost part of a notebook, by a backup or otherwise, and what it gets again. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { keyRing } from "../account/keys.ts"
import type { ChatRecord } from "../content/notebook.ts"
import { createCrypto } from "../crypto/mls-crypto.ts"
import type { Call } from "../http.ts"
import { createNotebook } from "../notebook.ts"
import { chatName, chatPage, freshSettings, pageOf, SETTINGS, settingsPage } from "../pages.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"

const crypto = createCrypto()
const user = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const amk = await crypto.account.newAmk(await crypto.account.newAccount(), user, 1)
type Stored = { id: Uint8Array; version: number; generation: number; sealed: Uint8Array }

/** As the house does it: compare-and-set, and a cursor that is not said to be further than it is. */
function house() {
  let records = new Map<string, Stored & { cursor: number }>()
  let cursor = 0
  let away = false
  const call = (async (name: string, { request }: { request: Stored & { since: number; over?: number } }) => {
    if (away) return err({ kind: "offline" })
    if (name === "readNotebook") {
      const news = [...records.values()].filter((record) => record.cursor > request.since)
      const last = news.at(-1)?.cursor ?? Math.min(request.since, cursor)
      return ok({ records: news.map(({ cursor: _, ...record }) => record), cursor: last, more: false })
    }
    const { over, since: _, ...record } = request
    const key = record.id.join()
    const there = records.get(key)?.version ?? 0
    const next = over === undefined ? record.version === there + 1 : there === over && record.version > over
    if (!next) return err({ kind: "version_conflict" })
    records.delete(key)
    records.set(key, { ...record, cursor: ++cursor })
    return ok({ cursor })
  }) as unknown as Call
  return {
    call,
    records: () => records,
    /** What it is now comes back by what is returned. */
    keep: () => {
      const [then, at] = [new Map(records), cursor]
      return () => {
        records = new Map(then)
        cursor = at
      }
    },
    leave: (now: boolean) => {
      away = now
    },
  }
}

async function device(call: Call, at: { life: number } = { life: 1 }) {
  const key = await memoryKeyBox().save("a", crypto.sealed.newKey())
  const store = sealedStore(await memoryStores().open("a"), key, crypto.sealed)
  const alarms: string[] = []
  const notebook = createNotebook({
    ...{ store, crypto, call, user, keys: keyRing(crypto, () => [amk]) },
    life: async () => at.life,
    onOlder: async () => void alarms.push("older"),
    onLacking: () => void alarms.push("lacking"),
    named: () => new Map([[chatName(user), pageOf(chatName(user))]]),
  })
  return { ...notebook, alarms }
}
type Device = Awaited<ReturnType<typeof device>>
const flush = (one: Device) => one.flush(() => true, pageOf)
const chat = async (one: Device, change: Partial<ChatRecord>) => {
  await one.change(chatName(user), chatPage, (old) => ({ v: 1, ...old, ...change }))
  await flush(one)
}
const called = async (one: Device, nickname: string) => {
  await one.change(SETTINGS, settingsPage, () => ({ ...freshSettings, nickname }))
  await flush(one)
}
const bytesOf = (records: Map<string, Stored>) =>
  [...records.values()].map(({ version, sealed }) => `${version}:${sealed.join()}`).sort()

test("a restored house gets the very bytes again that it had, and nobody is alarmed", async () => {
  const at = { life: 1 }
  const { call, keep, records } = house()
  const one = await device(call, at)
  await called(one, "first")
  await one.pull()
  const back = keep()
  for (const name of ["second", "third"]) await called(one, name)
  await chat(one, { pinned: { on: true, at: 5 } })
  await one.pull()
  const before = bytesOf(records())
  back()
  at.life = 2
  expect(await one.pull()).toBe(false)
  expect(bytesOf(records())).toEqual(before)
  expect(one.alarms).toEqual([])
  const other = await device(call, { life: 2 })
  await other.pull()
  expect((await other.get(SETTINGS, settingsPage))?.nickname).toBe("third")
  // And it goes on from there.
  await called(one, "fourth")
  await other.pull()
  expect((await other.get(SETTINGS, settingsPage))?.nickname).toBe("fourth")
})

test("in the same life the same is an alarm", async () => {
  const { call, keep } = house()
  const one = await device(call)
  await called(one, "first")
  const back = keep()
  await called(one, "second")
  await one.pull()
  back()
  await one.pull()
  expect(one.alarms).toEqual(["older"])
  await one.pull()
  expect(one.alarms).toEqual(["older"])
  expect((await one.get(SETTINGS, settingsPage))?.nickname).toBe("second")
})

test("what somebody else changed in the meantime is merged with what was lost", async () => {
  const at = { life: 1 }
  const { call, keep } = house()
  const [one, other] = [await device(call, at), await device(call, { life: 2 })]
  await chat(one, { pinned: { on: true, at: 1 } })
  await one.pull()
  const back = keep()
  await chat(one, { pinned: { on: false, at: 2 } })
  await chat(one, { hidden: { on: true, until: 7, at: 3 } })
  await one.pull()
  back()
  await other.pull()
  await chat(other, { level: { value: "none", at: 4 } })
  at.life = 2
  await one.pull()
  await other.pull()
  const both = {
    ...{ v: 1, pinned: { on: false, at: 2 }, level: { value: "none", at: 4 } },
    hidden: { on: true, until: 7, at: 3 },
  }
  for (const each of [one, other]) expect(await each.get(chatName(user), chatPage)).toEqual(both)
})

test("a house that does not answer gets it the next time; nothing here changes by it", async () => {
  const { call, keep, leave } = house()
  const one = await device(call)
  await called(one, "first")
  const back = keep()
  await called(one, "second")
  await chat(one, { pinned: { on: true, at: 5 } })
  await one.pull()
  back()
  leave(true)
  await one.pull()
  expect((await one.get(SETTINGS, settingsPage))?.nickname).toBe("second")
  leave(false)
  await one.pull()
  const other = await device(call)
  await other.pull()
  expect((await other.get(SETTINGS, settingsPage))?.nickname).toBe("second")
  expect(await other.get(chatName(user), chatPage)).toEqual({ v: 1, pinned: { on: true, at: 5 } })
})

test("the head is the same for all who have been given the same, and another one for anything else", async () => {
  const { call } = house()
  const [one, other] = [await device(call), await device(call)]
  await called(one, "first")
  await chat(one, { pinned: { on: true, at: 5 } })
  const said = await one.head()
  expect(said.head?.counter).toBe(2)
  expect(await other.head()).toEqual({ news: true, head: said.head })
  await called(other, "second")
  const later = await other.head()
  expect(later.head?.counter).toBe(3)
  expect(await one.head()).toEqual({ news: true, head: later.head })
})
