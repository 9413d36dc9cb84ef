/**
 * A new device comes into several chats at once: each waits for the house more than once, and the last is not to wait for all of them. Until
 * it is in all of them, only what fills a first screen is fetched of each.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { startHouse } from "@teahouse/server/main.ts"
import { expect, test } from "vitest"
import { cheap, newDisk, openPerson } from "./person.ts"

const LONG = 2 * 256
const limits = { sendsPerSecond: 10_000, sendBurst: 10_000 }

test("a chat whose house is slow keeps no other one waiting, and what is far back keeps no first screen waiting", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-abreast-"))
  const house = await startHouse({ port: 0, data: folder, stretching: cheap, limits, logLevel: "silent" })
  const lan = openPerson(house.url)
  let held: string | undefined
  let asked = false
  const read: string[] = []
  let release = () => {}
  const released = new Promise<void>((done) => {
    release = done
  })
  // This room's group comes when all others are here.
  const slow: typeof fetch = async (url, init) => {
    const [path] = /\/rooms\/[^/]+\/group-info/.exec(String(url)) ?? []
    const [, block] = /\/history\/([^/]+\/\d+\/\d+)/.exec(String(url)) ?? []
    if (block) read.push(block)
    if (path && path === held) {
      asked = true
      await released
    }
    return fetch(url, init)
  }
  const phone = openPerson(house.url, newDisk(), { fetch: slow as never })
  try {
    await lan.register("lan")
    const names = ["one", "two", "three", "four"]
    const rooms: Id[] = []
    for (const name of names) {
      const made = await lan.must("createGroup", { name, members: [] })
      await lan.until("room", made, (value) => value.state === "here")
      await lan.say(made.room, "hello")
      rooms.push(made.room)
    }
    const [long, last] = [rooms[0] as Id, rooms.at(-1) as Id]
    for (let i = 0; i < LONG; i++) void lan.say(long, `line ${i}`)
    await lan.timeline(long, (items) => {
      const item = items.at(-1)
      return item?.type === "message" && item.text === `line ${LONG - 1}` && item.seq !== undefined
    })
    // The chat in which something came last is the first one that is asked for.
    await lan.say(last, "newest")
    await lan.until("connection", undefined, ({ waiting }) => waiting === 0)
    // What was said last is made safe before it ends.
    await lan.safe()
    await lan.must("signOut", { forget: true })
    held = `/rooms/${last}/group-info`
    await phone.signIn("lan")
    // With the room with oneself there are five.
    const here = await phone.until("roomList", undefined, (list) => list.rooms.length === names.length)
    expect(asked).toBe(true)
    expect(here.rooms.length).toBe(names.length)
    // Its newest block is nearly empty: with the one before it the screen is full.
    await phone.timeline(long, (items) => items.length > 200)
    expect(read).toContain(`${long}/1/2`)
    expect(read).not.toContain(`${long}/1/0`)
    release()
    await phone.until("roomList", undefined, (list) => list.rooms.length === names.length + 1)
    await phone.timeline(long, (items) => items.length > 300)
    expect([...lan.bugs, ...phone.bugs]).toEqual([])
  } finally {
    release()
    await Promise.all([lan.client.stop(), phone.client.stop()])
    await house.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
