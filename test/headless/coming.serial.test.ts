/**
 * A new device is in none of its account's chats at first. As long as that is so, an empty list does not say that there are none: it says
 * that they are on their way.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import { expect, test } from "vitest"
import { cheap, newDisk, openPerson } from "./person.ts"

/** A gate on the way to the house. */
function gate() {
  let asks = () => {}
  let opens = () => {}
  const asked = new Promise<void>((done) => {
    asks = done
  })
  const opened = new Promise<void>((done) => {
    opens = done
  })
  return {
    asked,
    open: () => opens(),
    pass: () => {
      asks()
      return opened
    },
  }
}

test("the list of a new device says that its chats are on their way until they are here", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-coming-"))
  const house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent" })
  const [listing, joining] = [gate(), gate()]
  let group = ""
  const lan = openPerson(house.url)
  const phone = openPerson(house.url, newDisk(), {
    async fetch(input, init) {
      const { pathname } = new URL(String(input))
      if (pathname === "/api/rooms") await listing.pass()
      if (pathname.includes(`${group}/group-info`)) await joining.pass()
      return fetch(input, init)
    },
  })
  try {
    await lan.register("lan")
    // Who has only come to the house has no chats, and none to wait for.
    const alone = await lan.until("roomList", undefined, ({ rooms }) => rooms.length === 1)
    expect(alone.coming).toBeUndefined()
    const { room } = await lan.must("createGroup", { name: "tea", members: [] })
    await lan.until("room", { room }, ({ state }) => state === "here")

    group = room
    await phone.signIn("lan")
    await listing.asked
    // What it does not know yet is not nothing.
    await phone.until("roomList", undefined, ({ rooms, coming }) => rooms.length === 0 && coming === true)
    listing.open()
    await joining.asked
    const first = await phone.until("roomList", undefined, ({ rooms }) => rooms.length === 1)
    expect(first.coming).toBe(true)
    joining.open()
    await phone.until("roomList", undefined, ({ rooms, coming }) => rooms.length === 2 && !coming)
    expect([...lan.bugs, ...phone.bugs]).toEqual([])
  } finally {
    listing.open()
    joining.open()
    await Promise.all([lan.client.stop(), phone.client.stop()])
    await house.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
