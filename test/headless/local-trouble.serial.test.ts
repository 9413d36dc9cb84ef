/** A device in trouble of its own goes on by itself when that is over: a disk that was full, a clock that was set. */
import type { Fetch } from "@teahouse/client/platform.ts"
import { expect, test } from "vitest"
import { houseForEach } from "./house-for-each.ts"
import { arriveAsFriends } from "./person.ts"
import { smallDisk } from "./small-disk.ts"

const { person } = houseForEach({ sendsPerSecond: 1_000, sendBurst: 1_000 })

test("history that comes while the disk is full is fetched again when there is room, without a new start", async () => {
  const [lan, bo] = [person(), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await lan.say(room, "from before")
  for (const one of [lan, bo]) await one.reads(room, ["from before"])
  await lan.safe()
  // Nobody else gives it.
  await bo.client.stop()
  await lan.client.stop()

  let full = true
  let refused = 0
  const isBlock = (key: string) => /^(segment|tail)\//.test(key)
  const tablet = person(
    smallDisk((puts) => {
      const refuses = full && puts.some(isBlock) && puts.some((key) => key.startsWith("safe/"))
      if (refuses) refused++
      return refuses
    }),
  )
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
