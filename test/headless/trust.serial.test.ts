/** What the house says at signing in, and of whom, is believed as far as it is signed; a new account's code is not lost. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { PersonRecord } from "@teahouse/client/contact/people.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { Fetch } from "@teahouse/client/platform.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, type Disk, newDisk, openPerson, PASSWORD, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const person = (more: Parameters<typeof openPerson>[2] = {}, disk = newDisk()) => {
  const made = openPerson(house.url, disk, more)
  people.push(made)
  return made
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-trust-"))
  const limits = {
    commitIntervalMs: 100,
    commitBurst: 20,
    signInsPerMinuteAccount: 1_000,
    signInsPerMinuteAddress: 1_000,
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

// biome-ignore lint/suspicious/noExplicitAny: answers of any route, changed on their way
type Answer = any

/** A house that changes what it answers on one route. */
const lying =
  (path: RegExp, change: (answer: Answer) => void): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init)
    if (!path.test(url) || response.status >= 300) return response
    const answer = JSON.parse(await response.text()) as Answer
    change(answer)
    return new Response(JSON.stringify(answer), { status: response.status })
  }

const flipped = (base64: string) => (base64.startsWith("A") ? "B" : "A") + base64.slice(1)

test("signing in believes the house no vault key, generation or name that the account did not sign", async () => {
  const lan = person()
  await lan.register("lan")
  const lies: [string, (answer: Answer) => void][] = [
    [
      "identity_changed",
      (answer) => Object.assign(answer.vault, { vaultKeySignature: flipped(answer.vault.vaultKeySignature) }),
    ],
    ["house_changed", (answer) => Object.assign(answer, { generation: 4_000_000_000 })],
    ["house_changed", (answer) => Object.assign(answer, { username: "eve" })],
  ]
  for (const [kind, lie] of lies) {
    const device = person({ fetch: lying(/login\/finish$/, lie) })
    const answer = await device.command("signIn", { username: "lan", password: PASSWORD })
    expect(answer).toEqual({ ok: false, error: { kind } })
  }
  await person().signIn("lan")
})

test("a first line that the asking device did not sign is not shown", async () => {
  const said = await import("@teahouse/client/content/first-line.ts")
  const lan = person()
  await lan.register("lan")
  const crypto = createCrypto(cheap)
  // A house that knows the key package seals a line of its own; it cannot sign it.
  const forger = {
    ...crypto,
    device: {
      ...crypto.device,
      async sealToKeyPackage(keyPackage: Uint8Array, aad: Uint8Array, line: Uint8Array) {
        const signed = said.decodeSigned(line)
        const forged = said.encodeFirstLine({ line: "send money", nickname: "lan", key: new Uint8Array(32) })
        if (!signed) throw new Error("the line is not signed")
        return crypto.device.sealToKeyPackage(keyPackage, aad, said.encodeSigned(forged, signed.signature))
      },
    },
  }
  const eve = person({ crypto: forger })
  await eve.register("eve")
  const bo = person()
  await bo.register("bo")
  await eve.must("requestFriend", { username: "lan", line: "hello" })
  await bo.must("requestFriend", { username: "lan", line: "hello" })
  const { incoming } = await lan.until("contacts", undefined, (value) => value.incoming.length === 2)
  const lines = Object.fromEntries(incoming.map((one) => [one.from.username, one.line]))
  expect(lines).toEqual({ eve: "", bo: "hello" })
})

test("somebody is called what they signed, whatever the house says, and the difference is an alarm", async () => {
  const rename = (answer: Answer) => {
    for (const contact of answer.contacts) contact.username = "queen"
  }
  const lan = person({ fetch: lying(/\/contacts$/, rename) })
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  await befriend(lan, "lan", bo, "bo")
  await lan.until("connection", undefined, ({ alarms }) => alarms.some((one) => one.kind === "bad_signature"))
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 1)
  expect(friends[0]?.username).toBe("bo")
})

test("asking for a name is refused where the house gives somebody else", async () => {
  const bo = person()
  await bo.register("bo")
  const other = async (url: string, init: Parameters<Fetch>[1]) => {
    if (!/users\/find$/.test(url)) return fetch(url, init)
    const answer = await fetch(url, { ...init, body: JSON.stringify({ username: "eve" }) })
    const found = JSON.parse(await answer.text()) as Answer
    return new Response(JSON.stringify({ ...found, username: "bo" }), { status: answer.status })
  }
  const eve = person()
  await eve.register("eve")
  const lan = person({ fetch: other })
  await lan.register("lan")
  const asked = await lan.command("requestFriend", { username: "bo", line: "hello" })
  expect(asked).toEqual({ ok: false, error: { kind: "identity_changed" } })
})

test("a recovery code that was not confirmed is shown again after a restart, and after signing in", async () => {
  const disk = newDisk()
  const first = person({}, disk)
  const { recoveryCode } = await first.must("createAccount", { username: "lan", password: PASSWORD })
  const shown = { state: "unconfirmed", username: "lan", recoveryCode }
  const isShown = (value: { state: string }) => value.state === "unconfirmed"
  expect(await first.until("session", undefined, isShown)).toEqual(shown)
  await first.client.stop()

  const second = person({}, disk)
  expect(await second.until("session", undefined, isShown)).toEqual(shown)
  await second.must("signOut", { forget: false })
  await second.until("session", undefined, (value) => value.state === "signed_out")
  await second.must("signIn", { username: "lan", password: PASSWORD })
  expect(await second.until("session", undefined, isShown)).toEqual(shown)
  await second.must("confirmRecoveryCode", {})
  await second.until("session", undefined, (value) => value.state === "signed_in")
  await second.client.stop()

  const third = person({}, disk)
  await third.until("session", undefined, (value) => value.state !== "starting")
  expect((await third.until("session", undefined, () => true)).state).toBe("signed_in")
})

test("a device joins by a GroupInfo that a member attested, and by no other", async () => {
  const lan = person()
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  let silent = true
  let asked = 0
  const fetch = lying(/group-info$/, (answer) => {
    asked++
    if (silent)
      answer.attestations = answer.attestations.map((one: Answer) => ({ ...one, externalPub: one.context }))
  })
  const phone = person({ fetch })
  await phone.signIn("lan")
  while (asked < 2) await new Promise((done) => setTimeout(done, 20))
  const { rooms } = await phone.until("roomList", undefined, () => true)
  expect(rooms).toEqual([])
  silent = false
  await phone.until("room", { room }, (value) => value.state === "here" && value.writable)
})

test("what a member attests is said again where the house did not take it", async () => {
  let away = true
  let refused = 0
  const unheard: typeof fetch = async (input, init) => {
    if (!away || init?.method !== "POST" || !String(input).endsWith("/attestations"))
      return fetch(input, init)
    refused++
    throw new TypeError("no answer")
  }
  const lan = person({ fetch: unheard })
  await lan.register("lan")
  const bo = person({ fetch: unheard })
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "nobody has vouched for this")
  await bo.reads(room, ["nobody has vouched for this"])
  // More often than there are epochs, for as long as nobody takes it.
  await expect.poll(() => refused).toBeGreaterThan(20)
  away = false
  // On the same connection and without another commit: a new device needs somebody's word.
  const phone = person()
  await phone.signIn("lan")
  await phone.until("room", { room }, (value) => value.state === "here" && value.writable)
})

test("a new device leaves a frozen room alone, and comes in when it is resumed", async () => {
  const lan = person()
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 1)
  await lan.must("removeFriend", { user: friends[0]?.user as never })
  let looked = 0
  const phone = person({ fetch: lying(new RegExp(`${room}/group-info$`), () => looked++) })
  await phone.signIn("lan")
  await phone.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.kind === "self"))
  expect(looked).toBe(0)
  await lan.must("requestFriend", { username: "bo", line: "again" })
  const { incoming } = await bo.until("contacts", undefined, (value) => value.incoming.length === 1)
  await bo.must("acceptRequest", { id: incoming[0]?.id as never })
  await phone.until("room", { room }, (value) => value.state === "here" && value.writable)
})

test("a device that is newer than a request can accept it", async () => {
  const lan = person()
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  await bo.must("requestFriend", { username: "lan", line: "hello" })
  const phone = person()
  await phone.signIn("lan")
  const { incoming } = await phone.until("contacts", undefined, (value) => value.incoming.length === 1)
  const { room } = await phone.must("acceptRequest", { id: incoming[0]?.id as never })
  await phone.say(room, "from the new one")
  await bo.reads(room, ["from the new one"])
})

test("a device that is newer than a friendship can accept it anew", async () => {
  const lan = person()
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 1)
  await lan.must("removeFriend", { user: friends[0]?.user as never })
  const phone = person()
  await phone.signIn("bo")
  await lan.must("requestFriend", { username: "bo", line: "again" })
  const { incoming } = await phone.until("contacts", undefined, (value) => value.incoming.length === 1)
  await phone.must("acceptRequest", { id: incoming[0]?.id as never })
  await phone.say(room, "from the new one")
  await lan.reads(room, ["from the new one"])
})

test("signing out drops the key also where the house does not answer, and ends the session later", async () => {
  const disk = newDisk()
  let away = false
  let said = 0
  const lan = person(
    {
      fetch: async (url, init) => {
        if (away) throw new Error("no answer")
        if (url.endsWith("/logout")) said++
        return fetch(url, init)
      },
      timers: (ms, run) => {
        const timer = setTimeout(run, Math.min(ms, 300))
        return () => clearTimeout(timer)
      },
    },
    disk,
  )
  await lan.register("lan")
  const { user } = (await lan.until("session", undefined, (value) => value.state === "signed_in")) as {
    user: string
  }
  expect(await disk.keyBox.load(`1/${user}`)).toBeDefined()
  away = true
  await lan.must("signOut", { forget: false })
  expect(await disk.keyBox.load(`1/${user}`)).toBeUndefined()
  away = false
  while (said === 0) await new Promise((done) => setTimeout(done, 20))
})

const userOf = async (one: Person) => {
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  return (session as { user: Id }).user
}
const safetyOf = async (one: Person, user: Id, holds: (changed: boolean) => boolean = () => true) => {
  const value = await one.until(
    "safety",
    { user },
    (now) => now.state === "here" && holds(now.changed !== undefined),
  )
  if (value.state !== "here") throw new Error("no safety number")
  return value
}
const verifies = (one: Person, user: Id, wanted: boolean) =>
  one.until("person", { user }, (value) => value.state === "here" && value.verified === wanted)

/**
 * On a device that is not running: whom it pinned and compared long ago had another key than who writes now. Nothing else is
 * there after a real change of identity, for which the house has no door.
 */
async function pinnedSomebodyElse(disk: Disk, own: Id, user: Id, verified: boolean) {
  const key = await disk.keyBox.load(`1/${own}`)
  if (!key) throw new Error("nobody is signed in here")
  const store = sealedStore(await disk.stores.open(own), key, createCrypto(cheap).sealed)
  const known = await store.get<PersonRecord>(`person/${user}`)
  const uik = new Uint8Array(32).fill(7)
  const mark = verified ? { verified: { uik, on: true, at: (known?.verified?.at ?? 0) + 1 } } : {}
  await store.write([{ put: `person/${user}`, value: { ...known, uik, ...mark } }])
  await store.close()
}

test("friends see the same safety number; comparing it marks them as verified on all devices; a changed identity waits for a decision", async () => {
  const disks = [newDisk(), newDisk()] as const
  const lan = person({}, disks[0])
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const phone = person({}, disks[1])
  await phone.signIn("lan")
  await phone.until("room", { room }, (value) => value.state === "here" && value.writable)
  const [lanUser, boUser] = [await userOf(lan), await userOf(bo)]

  const [mine, theirs] = [await safetyOf(lan, boUser), await safetyOf(bo, lanUser)]
  expect(mine.number).toMatch(/^([0-9]{5} ){11}[0-9]{5}$/)
  expect(theirs.number).toBe(mine.number)
  expect(mine.verifiedAt ?? mine.changed).toBeUndefined()

  // Only what the friend shows to this person counts.
  const eve = person()
  await eve.register("eve")
  await befriend(eve, "eve", bo, "bo")
  const toEve = await safetyOf(bo, await userOf(eve))
  const refusals = [
    [mine.code, "safety_own"],
    [toEve.code, "safety_differs"],
    [toEve.number, "safety_differs"],
    ["hello", "safety_unreadable"],
  ] as const
  for (const [payload, kind] of refusals)
    expect(await lan.command("checkSafetyCode", { user: boUser, payload })).toEqual({
      ok: false,
      error: { kind },
    })
  const stale = await lan.command("setVerified", { user: boUser, on: true, number: toEve.number })
  expect(stale).toEqual({ ok: false, error: { kind: "safety_differs" } })
  await verifies(lan, boUser, false)

  await lan.must("checkSafetyCode", { user: boUser, payload: theirs.code })
  await verifies(lan, boUser, true)
  await verifies(phone, boUser, true)
  await phone.until("room", { room }, (value) => value.state === "here" && value.verified === true)
  await phone.must("setVerified", { user: boUser, on: false, number: mine.number })
  await verifies(lan, boUser, false)
  await lan.must("setVerified", { user: boUser, on: true, number: mine.number })
  await verifies(phone, boUser, true)
  await bo.must("setVerified", { user: lanUser, on: true, number: theirs.number })

  await lan.client.stop()
  await phone.client.stop()
  for (const disk of disks) await pinnedSomebodyElse(disk, lanUser, boUser, true)
  const [desk, other] = [person({}, disks[0]), person({}, disks[1])]
  const changed = await safetyOf(desk, boUser, (value) => value)
  expect(changed.changed?.number).toBe(mine.number)
  expect(changed.number).not.toBe(mine.number)
  expect(changed.verifiedAt).toBeDefined()
  await verifies(desk, boUser, false)
  const isChanged = (wanted: boolean) => (value: { state: string; changed?: boolean; verified?: boolean }) =>
    value.state === "here" && (value.changed ?? false) === wanted && !value.verified
  await desk.until("room", { room }, isChanged(true))
  await other.until("room", { room }, isChanged(true))
  const blocked = { ok: false, error: { kind: "identity_changed" } }
  expect(await desk.command("send", { room, text: "is it you?" })).toEqual(blocked)
  // To whom one has not gone on with yet, no mark is given, and what was shown before the change decides nothing.
  const early = { user: boUser, on: true, number: mine.number }
  expect(await desk.command("setVerified", early)).toEqual(blocked)
  const old = await desk.command("acceptIdentity", { user: boUser, number: changed.number })
  expect(old).toEqual({ ok: false, error: { kind: "safety_differs" } })
  expect(await desk.command("send", { room, text: "is it you?" })).toEqual(blocked)

  await desk.must("acceptIdentity", { user: boUser, number: mine.number })
  await desk.say(room, "it is you")
  await other.until("room", { room }, isChanged(false))
  await other.say(room, "and from here")
  await bo.reads(room, ["it is you", "and from here"])
  expect(await safetyOf(desk, boUser)).toEqual({ state: "here", number: mine.number, code: mine.code })
  expect(await safetyOf(other, boUser)).toEqual({ state: "here", number: mine.number, code: mine.code })
  const third = person()
  await third.signIn("lan")
  await third.until("room", { room }, (value) => value.state === "here" && value.writable)
  await verifies(third, boUser, false)
})

test("the right number of somebody whose identity has changed decides and verifies in one step", async () => {
  const disk = newDisk()
  const lan = person({}, disk)
  await lan.register("lan")
  const bo = person()
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const [lanUser, boUser] = [await userOf(lan), await userOf(bo)]
  await lan.client.stop()
  await pinnedSomebodyElse(disk, lanUser, boUser, false)
  const desk = person({}, disk)
  const { number, changed } = await safetyOf(desk, boUser, (value) => value)
  const check = (payload: string) => desk.command("checkSafetyCode", { user: boUser, payload })
  expect(await check(number)).toEqual({ ok: false, error: { kind: "safety_differs" } })
  expect(await desk.command("send", { room, text: "?" })).toMatchObject({ ok: false })
  const { number: shown } = await safetyOf(bo, lanUser)
  expect(changed?.number).toBe(shown)
  expect(await check(shown.replaceAll(" ", ""))).toEqual({ ok: true, value: null })
  await verifies(desk, boUser, true)
  await desk.say(room, "good")
  await bo.reads(room, ["good"])
})

test("a new device takes no shorter log and no older group for the newest than its account has seen", async () => {
  let writes = () => {}
  const noted = new Promise<void>((done) => {
    writes = done
  })
  let read = false
  const watching: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (read && init?.method === "PUT" && /\/notebook$/.test(url)) writes()
    return response
  }
  // Nobody gives the room new keys by themselves: what was noted stays the end of the log.
  const still = { pace: { updateAfterMs: 3_600_000 } }
  const lan = person({ fetch: watching, ...still })
  const bo = person(still)
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await bo.say(room, "one")
  await bo.say(room, "two")
  const { items } = await lan.timeline(room, (all) => textsOf(all).includes("two"))
  read = true
  await lan.must("markRead", { room, seq: Math.max(...items.map((item) => item.seq ?? 0)) })
  await noted

  const groups = /group-info$/
  const lists = /\/rooms$/
  const here = (answer: Answer) => answer.rooms.find((one: Answer) => one.room === room)
  const lies: [string, RegExp, (answer: Answer) => void][] = [
    ["rolled_back", lists, (answer) => Object.assign(here(answer), { seq: here(answer).seq - 1 })],
    ["rolled_back", groups, (answer) => Object.assign(answer, { incarnation: answer.incarnation - 1 })],
    ["forked", lists, (answer) => Object.assign(here(answer), { hash: flipped(here(answer).hash) })],
  ]
  for (const [kind, path, lie] of lies) {
    const device = person({ fetch: lying(path, lie), ...still })
    await device.signIn("lan")
    await device.until("connection", undefined, ({ alarms }) =>
      alarms.some((alarm) => alarm.kind === kind && alarm.room === room),
    )
    const listed = await device.until("roomList", undefined, () => true)
    expect(listed.rooms.some((one) => one.room === room)).toBe(false)
    // Once the log has gone on, what it is shown is no longer less than what was seen.
    await device.client.stop()
  }
  const honest = person()
  await honest.signIn("lan")
  expect(await honest.chatWith("bo")).toBe(room)
  expect((await honest.until("connection", undefined, () => true)).alarms).toEqual([])
})
