/**
 * Search over a million messages of one account's local history (DESIGN "How fast"): until the first result is there, and until
 * all was looked through. The client core as it is, on a store in memory whose records are sealed as everywhere; the house
 * is away. `blocks`: without the words beside the blocks (history/words.ts), as a search is before they have been made.
 */

import type { AccountRecord } from "@teahouse/client/account/records.ts"
import { encodeContent } from "@teahouse/client/content/message.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { HistoryEntry } from "@teahouse/client/history/entry.ts"
import { createHistory, SEGMENT } from "@teahouse/client/history/history.ts"
import { wordsKey } from "@teahouse/client/history/wordless.ts"
import { wordsOf } from "@teahouse/client/history/words.ts"
import { keys, type RoomMeta } from "@teahouse/client/room/records.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { befriend, cheap, newDisk, openPerson, type Person } from "../test/headless/person.ts"
import { openHouse } from "../test/house.ts"
import { lineOf } from "./browser/world.ts"
import { type Print, round } from "./measure.ts"

const crypto = createCrypto(cheap)

export async function search(print: Print, quick: boolean): Promise<void> {
  const messages = quick ? 100_000 : 1_000_000
  const house = await openHouse()
  const disk = newDisk()
  let lan = openPerson(house.url, disk)
  const bo = openPerson(house.url)
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const session = await lan.until("session", undefined, (value) => value.state === "signed_in")
  await Promise.all([lan.client.stop(), bo.client.stop()])
  await house.remove()
  if (session.state !== "signed_in") throw new Error("not signed in")
  const { user, device } = session
  const key = await disk.keyBox.load(`1/${user}`)
  if (!key) throw new Error("no key")
  const store = sealedStore(await disk.stores.open(user), key, crypto.sealed)
  const account = await store.get<AccountRecord>("account")
  const amk = account?.amks.at(-1)
  if (!amk) throw new Error("no account key")
  const own = await crypto.account.amkKeys(amk)
  const history = createHistory({ store, sealed: crypto.sealed, user, keys: async () => own })
  const blocks = Math.ceil(messages / SEGMENT)
  const words = []
  for (let number = 1; number <= blocks; number++) {
    const entries = Array.from({ length: SEGMENT }, (_, i) => made(number * SEGMENT + i, user, device))
    await store.write(await history.replace(room, 1, number, entries))
    words.push({ put: wordsKey(room, 1, number), value: wordsOf(entries, new Map()) })
  }
  await store.write([{ dropPrefix: "wordless/" }])
  const meta = await store.get<RoomMeta>(keys.meta(room))
  if (!meta) throw new Error("no room")
  await store.write([{ put: keys.meta(room), value: { ...meta, seq: (blocks + 1) * SEGMENT - 1 } }])

  for (const name of ["blocks", "words"]) {
    if (name === "words") await store.write(words)
    lan = openPerson(house.url, disk)
    await lan.until("room", { room }, (value) => value.state === "here")
    for (const [what, query] of [
      ["one everywhere", "茶"],
      ["oldest", `#${SEGMENT + 3}`],
      ["nowhere", "不在这里"],
    ] as const) {
      const { firstMs, allMs } = await timed(lan, room, query)
      const line = { bench: "search", case: `messages${messages} ${name} ${what}`, server: "teahouse" }
      print({ ...line, ...(firstMs === undefined ? {} : { firstMs: round(firstMs) }), allMs: round(allMs) })
    }
    await lan.client.stop()
  }
  print({
    bench: "search",
    case: `messages${messages} memory`,
    server: "teahouse",
    workerHeapMb: round(process.memoryUsage().rss / 1_000_000),
  })
}

function timed(one: Person, room: Id, query: string) {
  const began = performance.now()
  let firstMs: number | undefined
  return new Promise<{ firstMs: number | undefined; allMs: number }>((done) => {
    const stop = one.client.subscribe("search", { query, room, limit: 50 }, (value) => {
      if (value.items.length > 0) firstMs ??= performance.now() - began
      if (!value.done) return
      setTimeout(() => stop())
      done({ firstMs, allMs: performance.now() - began })
    })
  })
}

const seen = { seq: 0, hash: new Uint8Array(32) }
const made = (seq: number, user: Id, device: Id): HistoryEntry => ({
  ...{ seq, generation: 0, kind: 0, device, n: seq, time: 1_700_000_000_000 + seq * 1000, user },
  hash: new Uint8Array(32),
  item: { type: "content", bytes: encodeContent({ kind: "text", text: lineOf(seq) }, seen) },
})
