/** What the house says at signing in, and of whom, is believed as far as it is signed; a new account's code is not lost. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Fetch } from "@teahouse/client/platform.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, PASSWORD, type Person } from "./person.ts"

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
  const crypto = (await import("@teahouse/client/crypto/mls-crypto.ts")).createCrypto(cheap)
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
