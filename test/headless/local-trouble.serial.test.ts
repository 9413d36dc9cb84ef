/** A device in trouble of its own goes on by itself when that is over: a disk that was full, a clock that was set. */
import type { Fetch } from "@teahouse/client/platform.ts"
import type { Stores } from "@teahouse/client/store/port.ts"
import { expect, test } from "vitest"
import { houseForEach } from "./house-for-each.ts"
import { befriend, newDisk } from "./person.ts"

const { person } = houseForEach({ sendsPerSecond: 1_000, sendBurst: 1_000 })

test("history that comes while the disk is full is fetched again when there is room, without a new start", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "from before")
  for (const one of [lan, bo]) await one.reads(room, ["from before"])
  await lan.safe()
  // Nobody else gives it.
  await bo.client.stop()
  await lan.client.stop()

  const disk = newDisk()
  let full = true
  let refused = 0
  const stores: Stores = {
    ...disk.stores,
    async open(name) {
      const store = await disk.stores.open(name)
      return {
        ...store,
        async batch(writes, durability) {
          const puts = writes.flatMap((write) => ("put" in write ? [write.put] : []))
          const isBlock = puts.some((key) => /^(segment|tail)\//.test(key))
          if (full && isBlock && puts.some((key) => key.startsWith("safe/"))) {
            refused++
            throw new DOMException("no room", "QuotaExceededError")
          }
          await store.batch(writes, durability)
        },
      }
    },
  }
  const tablet = person({ ...disk, stores })
  await tablet.signIn("lan")
  await expect.poll(() => refused).toBeGreaterThan(0)
  const { restoring } = await tablet.until("safekeeping", undefined, () => true)
  expect(restoring?.left).toBeGreaterThan(0)
  full = false
  await tablet.reads(room, ["from before"])
})

test("a file that waits for its next attempt does not wait for a clock that was set back", async () => {
  let set = 0
  let broken = true
  let failed = 0
  const faulty: Fetch = async (url, init) => {
    if (broken && init.method === "PATCH") {
      failed++
      throw new TypeError("no network")
    }
    return fetch(url, init)
  }
  const lan = person({ clock: () => Date.now() + set, fetch: faulty })
  await lan.register("lan")
  const rooms = await lan.until("roomList", undefined, (list) =>
    list.rooms.some((one) => one.kind === "self"),
  )
  const self = rooms.rooms.find((one) => one.kind === "self")?.room
  if (!self) throw new Error("nobody to send to")
  const bytes = new TextEncoder().encode("long leaves, 冷水")
  const source = {
    size: bytes.length,
    slice: (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer }),
  }
  await lan.must("sendFiles", {
    room: self,
    files: [{ source, name: "tea.txt", type: "text/plain", caption: "" }],
  })
  await expect.poll(() => failed).toBeGreaterThan(0)
  await lan.until("transfers", undefined, ({ transfers }) =>
    transfers.every(({ state }) => state === "waiting"),
  )
  set = -86_400_000
  broken = false
  await lan.timeline(self, (items) =>
    items.some((item) => item.type === "message" && item.body.kind === "file" && item.seq !== undefined),
  )
})
