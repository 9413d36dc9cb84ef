/** One's own devices: what they are called, when they were here, and how one is taken away for good. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Fetch } from "@teahouse/client/platform.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, type Disk, newDisk, openPerson, PASSWORD, type Person } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const person = (more: Parameters<typeof openPerson>[2] = {}, disk: Disk = newDisk()) => {
  const made = openPerson(house.url, disk, more)
  people.push(made)
  return made
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-devices-"))
  const limits = {
    ...{ commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 1_000 },
    ...{ signInsPerMinuteAccount: 1_000, signInsPerMinuteAddress: 1_000 },
  }
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

const idOf = async (one: Person) => {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  if (session.state !== "signed_in") throw new Error("nobody is signed in")
  return session
}
const devicesOf = (one: Person, count: number) =>
  one.until("devices", undefined, ({ devices }) => devices.length === count)

/** Rooms that the house still has this device in. */
function roomsOf(device: Id): number {
  const db = new DatabaseSync(join(folder, "house.db"), { readOnly: true })
  const row = db
    .prepare("SELECT COUNT(*) AS count FROM room_device WHERE device_id = ? AND member = 1")
    .get(idBytes(device))
  db.close()
  return Number(row?.count)
}

/** Lan with a laptop and a phone, in a private chat, a group and the room with herself; Bo on the other side. */
async function scene(more: Parameters<typeof openPerson>[2] = {}) {
  const disk = newDisk()
  const [laptop, phone, bo] = [person(more, disk), person(), person()]
  await laptop.register("lan")
  await bo.register("bo")
  const room = await befriend(laptop, "lan", bo, "bo")
  const { user } = await idOf(bo)
  const { room: group } = await laptop.must("createGroup", { name: "Tea", members: [user] })
  await bo.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === group))
  await phone.signIn("lan")
  const { device } = await idOf(phone)
  await expect.poll(() => roomsOf(device)).toBe(3)
  await phone.say(room, "from the phone")
  await bo.reads(room, ["from the phone"])
  return { laptop, phone, bo, room, group, device, disk }
}

test("they are listed with the names that one gives them, and with when they were last here", async () => {
  const [laptop, phone] = [person(), person()]
  await laptop.register("lan")
  await phone.signIn("lan")
  const { device } = await idOf(phone)
  await phone.must("nameDevice", { device, name: "  Phone in the kitchen " })
  expect(await phone.command("nameDevice", { device, name: "x".repeat(65) })).toEqual({
    ok: false,
    error: { kind: "name_too_long" },
  })
  const { devices } = await laptop.until("devices", undefined, (value) =>
    value.devices.some((one) => one.name !== ""),
  )
  expect(devices.map(({ name, current, lastSeen, state }) => ({ name, current, lastSeen, state }))).toEqual([
    { name: "", current: true, lastSeen: null, state: "live" },
    { name: "Phone in the kitchen", current: false, lastSeen: null, state: "live" },
  ])
  expect(devices[1]?.addedAt).toBeGreaterThan(devices[0]?.addedAt ?? Number.POSITIVE_INFINITY)
  await phone.client.stop()
  await laptop.until("devices", undefined, () => true)
  await expect
    .poll(async () => (await devicesOf(laptop, 2)).devices[1]?.lastSeen ?? 0)
    .toBeGreaterThan(Date.now() - 60_000)
})

test("one that is revoked is out at once, out of every chat before the next message, and for good", async () => {
  const { laptop, phone, bo, room, group, device } = await scene()
  const revoke = (password: string, which: Id) => laptop.command("revokeDevice", { device: which, password })
  const kindOf = async (answer: ReturnType<typeof revoke>) => {
    const given = await answer
    return given.ok ? "ok" : given.error.kind
  }
  expect(await kindOf(revoke("not the password", device))).toBe("wrong_credentials")
  expect(await kindOf(revoke(PASSWORD, (await idOf(laptop)).device))).toBe("not_allowed")
  expect(await kindOf(revoke(PASSWORD, (await idOf(bo)).device))).toBe("unknown_device")
  expect(roomsOf(device)).toBe(3)

  expect(await kindOf(revoke(PASSWORD, device))).toBe("ok")
  const out = await phone.until("session", undefined, ({ state }) => state === "signed_out")
  expect(out).toMatchObject({ reason: "device_revoked", username: "lan" })
  await expect.poll(() => roomsOf(device)).toBe(0)
  await laptop.say(room, "only for us")
  await bo.reads(room, ["from the phone", "only for us"])
  await bo.say(group, "here too")
  await laptop.reads(group, ["here too"])
  expect((await devicesOf(laptop, 1)).revoking).toBeUndefined()

  // With the password it comes in as another device, and reads what is kept for the account.
  await phone.signIn("lan")
  expect((await idOf(phone)).device).not.toBe(device)
  await phone.reads(room, ["from the phone", "only for us"])
  await phone.say(room, "new here")
  await bo.reads(room, ["from the phone", "only for us", "new here"])
})

test.each([0, 1, 2])(
  "a crash after %i chats were told: the rest is told after the next start",
  async (told) => {
    let left = Number.POSITIVE_INFINITY
    const breaking: Fetch = (url, init) =>
      /\/notices$/.test(url) && left-- <= 0 ? Promise.reject(new Error("no way out")) : fetch(url, init)
    const { laptop, bo, room, device, disk } = await scene({ fetch: breaking })
    left = told
    await laptop.must("revokeDevice", { device, password: PASSWORD })
    await expect.poll(() => left).toBeLessThan(0)
    await laptop.client.stop()
    expect(roomsOf(device)).toBeGreaterThan(0)
    const again = person({}, disk)
    await expect.poll(() => roomsOf(device)).toBe(0)
    await again.say(room, "after the crash")
    await bo.reads(room, ["from the phone", "after the crash"])
  },
)

test("the house's word alone takes nobody out of a chat", async () => {
  const lying: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!/\/api\/devices$/.test(url) || init?.method === "POST" || !response.ok) return response
    const answer = (await response.json()) as { devices: { device: string }[]; revoked: unknown[] }
    const [, phone] = answer.devices
    if (phone) answer.revoked.push({ device: phone.device, signature: "A".repeat(86) })
    return new Response(JSON.stringify(answer), { status: response.status })
  }
  const { laptop, bo, room, device } = await scene({ fetch: lying })
  await laptop.must("nameDevice", { device, name: "Phone" })
  await laptop.must("reconnect", {})
  await laptop.say(room, "still two")
  await bo.reads(room, ["from the phone", "still two"])
  expect((await devicesOf(laptop, 2)).devices.map((one) => one.state)).toEqual(["live", "live"])
  expect(roomsOf(device)).toBe(3)
})
