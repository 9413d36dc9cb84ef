/** One's own devices: what they are called, when they were here, and how one is taken away for good. */
import { ACCOUNT, type AccountRecord } from "@teahouse/client/account/records.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { Fetch } from "@teahouse/client/platform.ts"
import { loadRoom } from "@teahouse/client/room/load.ts"
import { keys, type RoomMeta } from "@teahouse/client/room/records.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { houseForEach, signedIn } from "./house-for-each.ts"
import { befriend, cheap, newDisk, PASSWORD, type Person } from "./person.ts"

const { person, rows } = houseForEach({
  ...{ commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 1_000 },
  ...{ signInsPerMinuteAccount: 1_000, signInsPerMinuteAddress: 1_000 },
})

const devicesOf = (one: Person, count: number) =>
  one.until("devices", undefined, ({ devices }) => devices.length === count)

/** Rooms that the house still has this device in. */
function roomsOf(device: Id): number {
  const query = "SELECT COUNT(*) AS count FROM room_device WHERE device_id = ? AND member = 1"
  return Number(rows(query, idBytes(device))[0]?.count)
}

/** The kinds of a room's entries from the notice on: 2 a notice, 1 a commit, 0 a message. */
function kindsAfterRevocation(room: Id): string {
  const kinds = entriesOf(room)
    .map(({ kind }) => kind)
    .join("")
  return kinds.slice(kinds.lastIndexOf("2"))
}

function entriesOf(room: Id): { kind: number; body: Uint8Array }[] {
  const found = rows("SELECT kind, body FROM entry WHERE room_id = ? ORDER BY seq", idBytes(room))
  return found.map(({ kind, body }) => ({ kind: Number(kind), body: new Uint8Array(body as Uint8Array) }))
}

/** Lan with a laptop and a phone, in a private chat, a group and the room with herself; Bo on the other side. */
async function scene(ofLaptop: Parameters<typeof person>[0] = {}) {
  const disk = newDisk()
  const [laptop, phone, bo] = [person(ofLaptop), person(disk), person()]
  await laptop.register("lan")
  await bo.register("bo")
  const room = await befriend(laptop, "lan", bo, "bo")
  const { user } = await signedIn(bo)
  const { room: group } = await laptop.must("createGroup", { name: "Tea", members: [user] })
  await bo.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === group))
  await phone.signIn("lan")
  const { device } = await signedIn(phone)
  await expect.poll(() => roomsOf(device)).toBe(3)
  // The house has it in the room before the device has heard so.
  for (const one of [room, group])
    await phone.until("room", { room: one }, (value) => value.state === "here" && value.writable)
  await phone.say(room, "from the phone")
  await bo.reads(room, ["from the phone"])
  return { laptop, phone, bo, room, group, device, disk }
}

test("they are listed with the names that one gives them, and with when they were last here", async () => {
  const [laptop, phone] = [person(), person()]
  await laptop.register("lan")
  await phone.signIn("lan")
  const { device } = await signedIn(phone)
  await phone.must("nameDevice", { device, name: "  Phone in the kitchen " })
  expect(await phone.command("nameDevice", { device, name: "x".repeat(65) })).toEqual({
    ok: false,
    error: { kind: "name_too_long" },
  })
  const { devices } = await laptop.until("devices", undefined, (value) =>
    value.devices.some((one) => one.name !== ""),
  )
  expect(devices.map(({ name, current, lastSeen }) => ({ name, current, lastSeen }))).toEqual([
    { name: "", current: true, lastSeen: null },
    { name: "Phone in the kitchen", current: false, lastSeen: null },
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
  expect(await kindOf(revoke(PASSWORD, (await signedIn(laptop)).device))).toBe("not_allowed")
  expect(await kindOf(revoke(PASSWORD, (await signedIn(bo)).device))).toBe("unknown_device")
  expect(roomsOf(device)).toBe(3)

  expect(await kindOf(revoke(PASSWORD, device))).toBe("ok")
  const out = await phone.until("session", undefined, ({ state }) => state === "signed_out")
  expect(out).toMatchObject({ reason: "device_revoked", username: "lan" })
  expect(roomsOf(device)).toBe(0)
  await laptop.say(room, "only for us")
  await bo.reads(room, ["from the phone", "only for us"])
  await bo.say(group, "here too")
  await laptop.reads(group, ["here too"])
  await devicesOf(laptop, 1)
  for (const one of [room, group]) expect(kindsAfterRevocation(one)).toMatch(/^210/)

  // With the password it comes in as another device, and reads what is kept for the account.
  await phone.signIn("lan")
  expect((await signedIn(phone)).device).not.toBe(device)
  await phone.reads(room, ["from the phone", "only for us"])
  await phone.say(room, "new here")
  await bo.reads(room, ["from the phone", "only for us", "new here"])
})

test("a friend's next message is not for it, although none of the account's devices comes back", async () => {
  const { laptop, bo, room, group, device } = await scene()
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await laptop.client.stop()
  for (const one of [room, group]) await bo.say(one, "after it")
  await bo.reads(room, ["from the phone", "after it"])
  await bo.reads(group, ["after it"])
  // The notice, then the commit that removes the leaf, then the message.
  for (const one of [room, group]) expect(kindsAfterRevocation(one)).toMatch(/^210/)
})

test("a device that came in after the notice removes the leaf too, and is heard", async () => {
  let held = false
  const holding: Fetch = (url, init) =>
    held && /\/commits$/.test(url) ? Promise.reject(new Error("no way out")) : fetch(url, init)
  const { laptop, bo, room, device } = await scene({ fetch: holding })
  await Promise.all([laptop, bo].map((one) => one.safe()))
  await bo.client.stop()
  // The laptop would take the leaf out itself.
  held = true
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await laptop.client.stop()
  const anew = person()
  await anew.signIn("bo")
  await anew.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === room))
  await anew.say(room, "from a new one")
  await anew.reads(room, ["from the phone", "from a new one"])
  expect(kindsAfterRevocation(room)).toMatch(/^21+0/)
})

test("the only device that was in the chats is removed before the new one is: the new one comes in, and then it goes", async () => {
  const { laptop, phone, bo, room, group, device } = await scene()
  await phone.must("signOut", { forget: true })
  const { device: first } = await signedIn(laptop)
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await bo.say(room, "still here")
  await laptop.reads(room, ["from the phone", "still here"])
  await laptop.safe()
  await laptop.client.stop()

  let held = true
  const holding: Fetch = (url, init) =>
    held && /\/commits$/.test(url) ? Promise.reject(new Error("no way out")) : fetch(url, init)
  const tablet = person({ fetch: holding })
  await tablet.signIn("lan")
  await tablet.must("revokeDevice", { device: first, password: PASSWORD })
  // Whose last leaf is gone could not come in again.
  expect(roomsOf(first)).toBe(3)
  held = false
  await tablet.until("roomList", undefined, ({ rooms }) => rooms.length >= 2)
  await tablet.reads(room, ["from the phone", "still here"])
  await expect.poll(() => roomsOf(first)).toBe(0)
  for (const one of [room, group]) await bo.say(one, "for the tablet")
  await tablet.reads(room, ["from the phone", "still here", "for the tablet"])
  await tablet.reads(group, ["for the tablet"])
  await tablet.say(group, "thank you")
  await bo.reads(group, ["for the tablet", "thank you"])
})

test("what is kept on it opens nothing that is said afterwards, in any chat", async () => {
  const { laptop, bo, room, group, device, disk } = await scene()
  const { user } = await signedIn(laptop)
  // Whoever has it keeps the key of its store, too.
  const key = await disk.keyBox.load(`1/${user}`)
  if (!key) throw new Error("no key of its store")
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  for (const one of [room, group]) {
    await bo.say(one, "not for it")
    await laptop.reads(one, one === room ? ["from the phone", "not for it"] : ["not for it"])
  }
  const crypto = createCrypto(cheap)
  const store = sealedStore(await disk.stores.open(user), key, crypto.sealed)
  const account = await store.get<AccountRecord>(ACCOUNT)
  expect(account?.device.device).toBe(device)
  for (const one of [room, group]) {
    const meta = await store.get<RoomMeta>(keys.meta(one))
    if (!account || !meta) throw new Error("nothing is kept on it")
    const { group: state } = await loadRoom(store, crypto, account.device, meta)
    if (!state) throw new Error("it has no keys of this chat")
    const all = entriesOf(one)
    const later = all.slice(all.findLastIndex(({ kind }) => kind === 2))
    expect(later.map(({ kind }) => kind).join("")).toMatch(/^210/)
    // What brings the others into the next epoch tells it that it is out, and nothing else.
    for (const { kind, body } of later) {
      if (kind === 0) expect((await crypto.room.openMessage(state, body)).ok).toBe(false)
      if (kind !== 1) continue
      const read = await crypto.room.process(state, body)
      expect(read.ok && read.value.kind !== "removed").toBe(false)
    }
  }
})
