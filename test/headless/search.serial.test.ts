/** Search over a long history: blocks are passed over by their words, and nothing is missed that changed since. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { startHouse } from "@teahouse/server/main.ts"
import { expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, type Person } from "./person.ts"

const limits = { sendsPerSecond: 10_000, sendBurst: 10_000 }
const found = async (one: Person, room: Id, query: string) => {
  const { items } = await one.until("search", { query, room, limit: 20 }, ({ done }) => done)
  return items.map(({ text }) => text)
}

test("what is found in a long chat is what it says now: one character, edited, recalled, in the open end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-search-"))
  const house = await startHouse({ port: 0, data: folder, stretching: cheap, limits, logLevel: "silent" })
  const disk = newDisk()
  const [lan, bo] = [openPerson(house.url, disk), openPerson(house.url)]
  try {
    await lan.register("lan")
    await bo.register("bo")
    const room = await befriend(lan, "lan", bo, "bo")
    for (let i = 0; i < 1_100; i++)
      await lan.say(room, i === 40 ? "一壶龙井" : i === 41 ? "secret plan" : `line ${i}`)
    const { items } = await lan.until("timeline", { room, around: "end", limit: 500 }, (value) =>
      value.items.some(
        (item) => item.type === "message" && item.text === "line 1099" && item.seq !== undefined,
      ),
    )
    expect(items.length).toBe(500)
    // Four blocks are complete, and have words.
    const session = await lan.until("session", undefined, (value) => value.state === "signed_in")
    if (session.state !== "signed_in") throw new Error("not signed in")
    const key = await disk.keyBox.load(`1/${session.user}`)
    if (!key) throw new Error("no key")
    const store = sealedStore(await disk.stores.open(session.user), key, createCrypto(cheap).sealed)
    const words = async () => (await store.range<{ text: string }>("words/")).map(({ value }) => value.text)
    await expect.poll(async () => (await words()).length, { timeout: 15_000 }).toBe(4)
    expect((await words()).join()).toContain("一壶龙井")

    expect(await found(lan, room, "井")).toEqual(["一壶龙井"])
    expect(await found(lan, room, "LINE 1099")).toEqual(["line 1099"])
    expect(await found(lan, room, "not there")).toEqual([])
    const at = async (query: string) =>
      (await lan.until("search", { query, room, limit: 1 }, ({ done }) => done)).items[0]?.seq ?? 0
    const edited = await at("line 500")
    await lan.must("editMessage", { room, seq: edited, text: "乌龙 instead" })
    await lan.must("recall", { room, seq: await at("secret plan") })
    // At once, and again when the words have been made anew.
    for (const made of [false, true]) {
      if (made) await expect.poll(async () => (await words()).join(), { timeout: 15_000 }).toContain("乌龙")
      await expect.poll(() => found(lan, room, "乌龙")).toEqual(["乌龙 instead"])
      await expect.poll(() => found(lan, room, "secret")).toEqual([])
      expect(await found(lan, room, "line 500")).toEqual([])
      expect(await found(lan, room, "龙")).toEqual(["乌龙 instead", "一壶龙井"])
    }
    await expect.poll(async () => (await words()).join(), { timeout: 15_000 }).not.toContain("secret")
    expect([...lan.bugs, ...bo.bugs]).toEqual([])
  } finally {
    await Promise.all([lan.client.stop(), bo.client.stop()])
    await house.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
