/** What a revocation begins anew: the account's generation and its key, for the devices that stay and for nobody else. */
import { ACCOUNT, type AccountRecord } from "@teahouse/client/account/records.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { Device } from "@teahouse/client/crypto/port.ts"
import { loadRoom } from "@teahouse/client/room/load.ts"
import { keys, type RoomMeta } from "@teahouse/client/room/records.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import { openRoomState } from "@teahouse/judge/open.ts"
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { houseForEach, signedIn } from "./house-for-each.ts"
import { befriend, cheap, type Disk, newDisk, type openPerson, PASSWORD } from "./person.ts"
import { tampered } from "./tamper.ts"

const crypto = createCrypto(cheap)

const { person, rows } = houseForEach({
  ...{ commitIntervalMs: 50, commitQuietMs: 10, commitBurst: 50, sendsPerSecond: 1_000, sendBurst: 1_000 },
  ...{ signInsPerMinuteAccount: 1_000, signInsPerMinuteAddress: 1_000, newDevicesPerDay: 100 },
})

/** The newest group of a room as the house has it. */
async function groupOf(room: Id) {
  const query =
    "SELECT generation, group_info FROM room_epoch WHERE room_id = ? ORDER BY generation DESC, epoch DESC LIMIT 1"
  const groupInfo = new Uint8Array(rows(query, idBytes(room))[0]?.group_info as Uint8Array)
  const houseId = idFrom(rows("SELECT id FROM house")[0]?.id as Uint8Array)
  const opened = await openRoomState(groupInfo, { house: houseId, room, generation: 0 })
  if (!opened.ok) throw new Error(opened.error)
  return { groupInfo, leaves: opened.value.leaves }
}
const generationsIn = async (room: Id, user: Id) =>
  (await groupOf(room)).leaves.filter((leaf) => leaf.user === user).map(({ device, n }) => [device, n])

/** What whoever has a device finds on it. */
async function foundOn({ disk, user }: { disk: Disk; user: Id }) {
  const key = await disk.keyBox.load(`1/${user}`)
  if (!key) throw new Error("no key of its store")
  const store = sealedStore(await disk.stores.open(user), key, crypto.sealed)
  const account = await store.get<AccountRecord>(ACCOUNT)
  if (!account) throw new Error("no account")
  return { store, account }
}

/** Lan with a laptop, a tablet and a phone that is lost; a group with Bo. */
async function scene(more: Parameters<typeof openPerson>[2] = {}) {
  const [lost, kept] = [newDisk(), newDisk()]
  const [laptop, phone, tablet, bo] = [person(more), person(lost), person(kept), person()]
  await laptop.register("lan")
  await bo.register("bo")
  const room = await befriend(laptop, "lan", bo, "bo")
  const { room: group } = await laptop.must("createGroup", {
    name: "Tea",
    members: [(await signedIn(bo)).user],
  })
  for (const one of [phone, tablet]) await one.signIn("lan")
  const { user } = await signedIn(laptop)
  const self = idFrom(rows("SELECT id FROM room WHERE kind = 2")[0]?.id as Uint8Array)
  const all = [room, group, self]
  for (const one of [phone, tablet]) {
    const { device } = await signedIn(one)
    const query = "SELECT COUNT(*) AS count FROM room_device WHERE device_id = ? AND member = 1"
    await expect.poll(() => rows(query, idBytes(device))[0]?.count).toBe(3)
    // The house has it in the rooms before the device has heard so.
    for (const each of all) await one.until("room", { room: each }, (value) => value.state === "here")
  }
  const { device } = await signedIn(phone)
  return { laptop, phone, tablet, bo, user, device, room, group, self, all, lost, kept }
}

/** Every room shows every staying device under the new generation, and key packages are of it. */
async function renewed(all: readonly Id[], user: Id, devices: readonly Id[], n: number) {
  for (const room of all)
    await expect
      .poll(async () => new Map((await generationsIn(room, user)) as [Id, number][]))
      .toEqual(new Map(devices.map((device) => [device, n])))
  for (const device of devices) {
    const query = "SELECT certificate FROM device WHERE id = ?"
    const certificate = rows(query, idBytes(device))[0]?.certificate as Uint8Array
    expect(decodeCertificate(new Uint8Array(certificate))?.generation).toBe(n)
  }
}

test("the devices that stay go on under the next generation, also one that was away; what was taken away opens nothing of it", async () => {
  const { laptop, phone, tablet, bo, user, device, room, all, lost, kept } = await scene()
  const staying = [(await signedIn(laptop)).device, (await signedIn(tablet)).device]
  await laptop.must("setRemark", { user: (await signedIn(bo)).user, remark: "before" })
  await tablet.until("contacts", undefined, ({ friends }) => friends.some((one) => one.remark === "before"))
  await tablet.client.stop()
  // Whoever has the phone keeps the key of its store, too.
  const thief = await foundOn({ disk: lost, user })
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await phone.until("session", undefined, ({ state }) => state === "signed_out")
  await laptop.must("setRemark", { user: (await signedIn(bo)).user, remark: "afterwards" })
  await laptop.say(room, "for those who stay")
  await bo.reads(room, ["for those who stay"])
  await laptop.safe()
  const sealedBy = () => rows("SELECT generation FROM notebook ORDER BY position DESC LIMIT 1")[0]?.generation
  await expect.poll(sealedBy).toBe(2)

  // Whoever is added meanwhile is added with the device that has renewed itself; the other comes in when it is back.
  const { room: later } = await bo.must("createGroup", { name: "Later", members: [user] })
  await laptop.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === later))

  const back = person(kept)
  await back.until("contacts", undefined, ({ friends }) => friends.some((one) => one.remark === "afterwards"))
  await back.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === later))
  await back.reads(room, ["for those who stay"])
  await renewed([...all, later], user, staying, 2)
  const { account } = await foundOn({ disk: kept, user })
  expect(account.amks.map(({ generation }) => generation)).toEqual([1, 2])
  expect(account.generation).toBe(2)
  expect(account.lost).toEqual([device])

  expect(thief.account.amks.map(({ generation }) => generation)).toEqual([1])
  const written = rows("SELECT id, version, generation, sealed FROM notebook WHERE generation = 2")
  expect(written.length).toBeGreaterThan(0)
  const [old] = thief.account.amks
  if (!old) throw new Error("no key")
  const open = await crypto.account.amkKeys({ ...old, generation: 2 })
  for (const { id, version, sealed } of written) {
    const at = { user, record: new Uint8Array(id as Uint8Array), version: Number(version) }
    expect((await crypto.sealed.openNotebook(open, at, new Uint8Array(sealed as Uint8Array))).ok).toBe(false)
  }
  // And those that stay add people, talk and are added as before.
  const mei = person()
  await mei.register("mei")
  await befriend(back, "lan", mei, "mei")
})

test("what was taken away comes into no room again, although its house would let it", async () => {
  const { laptop, user, device, all, lost, tablet, bo, room } = await scene()
  const staying = [(await signedIn(laptop)).device, (await signedIn(tablet)).device]
  const { account, store } = await foundOn({ disk: lost, user })
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await renewed(all, user, staying, 2)
  await bo.say(room, "quiet")
  for (const one of all) {
    const { groupInfo } = await groupOf(one)
    const data = encodeCommitData({ seen: { seq: 0, hash: new Uint8Array(32) }, proofs: [] })
    const comeIn = (as: Device) =>
      crypto.room.joinExternally({ device: as, room: one, generation: 0, groupInfo, data })
    expect(await comeIn(account.device)).toEqual({
      ok: false,
      error: { kind: "refused", reason: "stale_certificate" },
    })
    // Whereas one that stays could come in again.
    const meta = await store.get<RoomMeta>(keys.meta(one))
    expect(meta && (await loadRoom(store, crypto, account.device, meta)).group).toBeDefined()
  }
})

test("a device that has lost its place where the key was said asks for it, and is told", async () => {
  const { laptop, tablet, user, device, self, kept, room, bo } = await scene()
  await tablet.client.stop()
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await expect.poll(async () => (await generationsIn(self, user)).some(([, n]) => n === 2)).toBe(true)
  await laptop.safe()
  // What it had of the room is gone: it comes in after the key was said.
  const { store } = await foundOn({ disk: kept, user })
  const meta = await store.get<RoomMeta>(keys.meta(self))
  await store.write([{ drop: keys.group(self) }, { put: keys.meta(self), value: { ...meta, lost: true } }])
  const back = person(kept)
  const known = async () => (await foundOn({ disk: kept, user })).account.amks.length
  await expect.poll(known).toBe(2)
  await laptop.must("setRemark", { user: (await signedIn(bo)).user, remark: "under the new key" })
  await back.until("contacts", undefined, ({ friends }) =>
    friends.some((one) => one.remark === "under the new key"),
  )
  await back.say(room, "all is well")
  await bo.reads(room, ["all is well"])
})

test("a house that keeps the notice back is not told the key's room is safe: the device is removed first", async () => {
  const kept: Down[] = []
  let hiding: Id | undefined
  const openSocket = tampered({
    down(frame) {
      // The notice never arrives; what follows it does not fit then, and is not taken.
      if (frame.t !== "entries" || frame.room !== hiding) return frame
      const notice = frame.entries.some(({ kind }) => kind === 2)
      if (notice) kept.push(frame)
      return notice ? undefined : frame
    },
  })
  const { laptop, tablet, user, device, self, kept: disk } = await scene({ openSocket })
  hiding = self
  const own = idBytes((await signedIn(laptop)).device)
  const said = () =>
    rows(
      "SELECT COUNT(*) AS count FROM entry WHERE room_id = ? AND kind = 0 AND device_id = ?",
      idBytes(self),
      own,
    )[0]?.count
  const before = said()
  await laptop.must("revokeDevice", { device, password: PASSWORD })
  await expect.poll(() => kept.length).toBeGreaterThan(0)
  await new Promise((after) => setTimeout(after, 1_500))
  // Nothing was sealed in the room while the house may have the lost device in it.
  expect(said()).toBe(before)
  hiding = undefined
  await expect
    .poll(async () => (await foundOn({ disk, user })).account.amks.length, { timeout: 40_000 })
    .toBe(2)
  const leaves = (await groupOf(self)).leaves.map((leaf) => leaf.device)
  expect(leaves).not.toContain(device)
  expect(leaves).toContain((await signedIn(tablet)).device)
})

test("who says that somebody knows the password is alone afterwards, also with one that came in at that very moment", async () => {
  let between: (() => Promise<unknown>) | undefined
  const slow: typeof fetch = async (url, init) => {
    // Somebody signs in after the others are gone and before the password is another.
    if (String(url).endsWith("/password/start")) {
      await between?.()
      between = undefined
    }
    return fetch(url, init)
  }
  const { laptop, phone, tablet, bo, room, user, all } = await scene({ fetch: slow })
  const thief = person()
  between = () => thief.signIn("lan")
  const password = `${PASSWORD}, and a new one`
  const own = (await signedIn(laptop)).device
  await laptop.must("changePassword", { current: PASSWORD, password, others: "go" })
  for (const one of [phone, tablet, thief])
    await one.until("session", undefined, ({ state }) => state === "signed_out")
  const left = rows("SELECT id FROM device WHERE user_id = ? AND revocation IS NULL", idBytes(user))
  expect(left.map(({ id }) => idFrom(id as Uint8Array))).toEqual([own])
  expect(rows("SELECT generation FROM account WHERE id = ?", idBytes(user))).toEqual([{ generation: 3 }])
  expect((await thief.command("signIn", { username: "lan", password: PASSWORD })).ok).toBe(false)
  await bo.say(room, "only for you")
  await laptop.reads(room, ["only for you"])
  await renewed(all, user, [own], 3)
  // Each may come back with the new one, as another device.
  await phone.must("signIn", { username: "lan", password })
  await phone.reads(room, ["only for you"])
})
