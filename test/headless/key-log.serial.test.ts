/** A swapped key is noticed by those who never compared numbers: what each device makes of people's key logs (SECURITY R5). */
import { createHash } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { indexOf } from "@teahouse/client/account/index-store.ts"
import { ACCOUNT, type AccountRecord } from "@teahouse/client/account/records.ts"
import { newStoreKey } from "@teahouse/client/account/unlock.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { AccountKeys } from "@teahouse/client/crypto/port.ts"
import { addedDevice, beginning, signEntries } from "@teahouse/client/key-log/write.ts"
import type { Fetch } from "@teahouse/client/platform.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import { fromBase64url, toBase64url } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { emptyKeyLog, extendKeyLog, keyLogHash, keyLogHeadToSign } from "@teahouse/protocol/key-log.ts"
import { loadHouse } from "@teahouse/server/house/house.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, type Disk, newDisk, openPerson, PASSWORD, type Person } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const crypto = createCrypto(cheap)
const person = (more: Parameters<typeof openPerson>[2] = {}, disk = newDisk()) => {
  const made = openPerson(house.url, disk, more)
  people.push(made)
  return made
}
const limits = {
  commitIntervalMs: 100,
  commitBurst: 20,
  signInsPerMinuteAccount: 1_000,
  signInsPerMinuteAddress: 1_000,
}
const open = () => startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-keys-"))
  house = await open()
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

const userOf = async (one: Person) => {
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  return (session as { user: Id }).user
}
const alarmOf = async (one: Person, kind: string) => {
  const { alarms } = await one.until("connection", undefined, (value) =>
    value.alarms.some((alarm) => alarm.kind === kind),
  )
  return alarms.find((alarm) => alarm.kind === kind)
}
const alarmsOf = async (one: Person) => (await one.until("connection", undefined, () => true)).alarms
const database = () => new DatabaseSync(join(folder, "house.db"), { timeout: 5_000 })

// biome-ignore lint/suspicious/noExplicitAny: answers of any route, changed on their way
type Answer = any
/** A house that answers one person otherwise on some routes; `heard` counts how often. */
const lying = (lies: readonly (readonly [RegExp, (answer: Answer, url: string) => Answer])[]): Fetch =>
  (async (url: string, init: Parameters<Fetch>[1]) => {
    const response = await fetch(url, init)
    const lie = lies.find(([path]) => path.test(new URL(url).pathname))
    if (!lie || response.status >= 300) return response
    const answer = JSON.parse(await response.text()) as Answer
    return new Response(JSON.stringify(lie[1](answer, url)), { status: response.status })
  }) as Fetch

/**
 * The house makes a second person of an account: the same user id and name, with an identity key of its own, on a device
 * that only the house's own people use. All that a house can do is done here: its database, its tokens, its signature.
 */
async function impostor(user: Id, username: string) {
  const secret = await loadHouse(folder, {
    now: Date.now,
    random: (n) => crypto.sealed.randomBytes(n),
    opaqueSetup: () => "",
  })
  const keys: AccountKeys = await crypto.account.newAccount()
  const signature = await crypto.device.newSignatureKey()
  const [device, session] = [idFrom(crypto.sealed.randomBytes(16)), idFrom(crypto.sealed.randomBytes(16))]
  const token = crypto.sealed.randomBytes(32)
  const asked = { house: secret.id, user, device, generation: 1, username, kind: "person" as const }
  const certificate = await crypto.account.issueCertificate(keys.uik, {
    ...asked,
    signatureKey: signature.publicKey,
  })
  const expires = Date.now() + 86_400_000
  const db = database()
  const real = db.prepare("SELECT uik FROM account WHERE id = ?").get(idBytes(user))?.uik as Uint8Array
  db.prepare(
    "INSERT INTO device (id, user_id, certificate, signature_key, created) VALUES (?, ?, ?, ?, ?)",
  ).run(idBytes(device), idBytes(user), certificate, signature.publicKey, Date.now())
  db.prepare(
    "INSERT INTO session (id, token_hash, user_id, device_id, created, fresh_until, expires, recovering) VALUES (?, ?, ?, ?, ?, 0, ?, 0)",
  ).run(
    idBytes(session),
    new Uint8Array(createHash("sha256").update(token).digest()),
    idBytes(user),
    idBytes(device),
    Date.now(),
    expires,
  )
  db.close()
  const amk = await crypto.account.newAmk(keys, user, 1)
  const account: AccountRecord = {
    ...{ user, username, uik: keys.uik.publicKey, generation: 1, amks: [amk] },
    device: { house: secret.id, user, device, certificate, signature },
    session: { id: session, token, expires },
  }
  const disk: Disk = newDisk()
  const index = indexOf(await disk.stores.open("index"))
  await index.setLast({ user, username })
  const raw = await disk.stores.open(user)
  const store = sealedStore(raw, await newStoreKey(raw, crypto, disk.keyBox, `1/${user}`, amk), crypto.sealed)
  await store.write([{ put: ACCOUNT, value: account }], "strict")
  const { answer, pin } = await houseAnswer()
  expect(answer.house).toBe(secret.id)
  await index.setHouse(pin)
  await store.close()

  /** What the house would say of this identity: a whole log, rightly made and signed. */
  const changes = [...beginning(keys.uik.publicKey, 1), addedDevice(device, signature.publicKey)]
  const empty = emptyKeyLog(secret.id, user)
  const entries = await signEntries(crypto, keys.uik, empty, changes)
  const log = extendKeyLog(empty, entries)
  if (!log.ok) throw new Error(log.error)
  const head = { incarnation: 1, position: entries.length, hash: keyLogHash(log.value) }
  const forged = (_: Answer, url: string): Answer => ({
    entries: entries.slice(Number(new URL(url).searchParams.get("after"))).map(toBase64url),
    head: {
      ...head,
      hash: toBase64url(head.hash),
      signature: toBase64url(secret.sign(keyLogHeadToSign(secret.id, user, head))),
    },
  })
  /** The honest program asks whether an identity is the account's: which one that is, this house says as it needs it. */
  const put = (uik: Uint8Array) => {
    const to = database()
    to.prepare("UPDATE account SET uik = ? WHERE id = ?").run(uik, idBytes(user))
    to.close()
  }
  return { disk, device, forged, take: () => put(keys.uik.publicKey), giveBack: () => put(real) }
}
async function houseAnswer() {
  const answer = (await (await fetch(`${house.url}/api/house`)).json()) as Answer
  const pin = {
    house: answer.house,
    houseKey: fromBase64url(answer.houseKey) as Uint8Array,
    opaqueKey: answer.opaqueKey,
    incarnation: answer.incarnation.incarnation,
  }
  return { answer, pin }
}

/** Of a person's devices this one, or all but this one; whose it is not is answered truly. */
const onlyDevice =
  (device: () => Id | undefined, keep: boolean) =>
  (answer: Answer): Answer => {
    const all: Answer[] = answer.packages
    if (!all.some((one) => one.device === device())) return answer
    return { ...answer, packages: all.filter((one) => (one.device === device()) === keep) }
  }

/** Somebody who never was there, known as bo to who is shown this device. */
async function fakeBo(user: Id) {
  const made = await impostor(user, "bo")
  const fake = person({ fetch: lying([[new RegExp(`${user}/key-log$`), made.forged]]) }, made.disk)
  await expect
    .poll(() => {
      const db = database()
      const packages = db
        .prepare("SELECT hash FROM key_package WHERE device_id = ?")
        .all(idBytes(made.device))
      db.close()
      return packages.length
    })
    .toBeGreaterThan(0)
  return { ...made, fake }
}
async function meets(lan: Person, { fake, take, giveBack }: Awaited<ReturnType<typeof fakeBo>>): Promise<Id> {
  take()
  await lan.must("requestFriend", { username: "bo", line: "is it you?" })
  const { incoming } = await fake.until("contacts", undefined, (value) => value.incoming.length > 0)
  await fake.must("acceptRequest", { id: incoming[0]?.id as Id })
  const room = await lan.chatWith("bo")
  await lan.say(room, "the key is under the mat")
  await fake.reads(room, ["the key is under the mat"])
  giveBack()
  return room
}

test("a house that puts another identity in somebody's place is noticed by who never compared numbers", async () => {
  const bo = person()
  await bo.register("bo")
  const made = await fakeBo(await userOf(bo))
  const { device } = made
  const lan = person({ fetch: lying([[/users\/find$/, onlyDevice(() => device, true)]]) })
  await lan.register("lan")
  const room = await meets(lan, made)
  expect(await alarmOf(lan, "key_log_unlisted")).toMatchObject({ room, who: "bo" })
  // It is said, and it keeps nobody from sending: that is for a pinned key that has changed.
  await lan.say(room, "who are you?")
})

test("one that forges the log too is noticed in the first room that the real one is in", async () => {
  const bo = person()
  await bo.register("bo")
  const boUser = await userOf(bo)
  let device: Id | undefined
  const mei = person({
    fetch: lying([[new RegExp(`${boUser}/key-packages$`), onlyDevice(() => device, false)]]),
  })
  await mei.register("mei")
  await befriend(mei, "mei", bo, "bo")
  const second = await fakeBo(boUser)
  device = second.device
  let forged = 0
  const forge = (answer: Answer, url: string) => {
    forged++
    return second.forged(answer, url)
  }
  const lan = person({
    fetch: lying([
      [/users\/find$/, onlyDevice(() => device, true)],
      [new RegExp(`${boUser}/key-log$`), forge],
    ]),
  })
  await lan.register("lan")
  await meets(lan, second)
  await expect.poll(() => forged).toBeGreaterThan(0)
  await befriend(lan, "lan", mei, "mei")
  // Nothing in it is wrong, so far.
  expect(await alarmsOf(lan)).toEqual([])
  const lanUser = await userOf(lan)
  const { room } = await mei.must("createGroup", { name: "tea", members: [lanUser] })
  await lan.until("room", { room }, (value) => value.state === "here" && value.writable)
  await mei.must("inviteToGroup", { room, users: [boUser] })
  expect(await alarmOf(lan, "key_log_unlisted")).toMatchObject({ room, who: "bo" })
  // Into a room where that one is already its device does not go by itself.
  const other = await mei.must("createGroup", { name: "water", members: [lanUser, boUser] })
  await lan.until("connection", undefined, ({ alarms }) =>
    alarms.some((alarm) => alarm.kind === "other_identity" && alarm.room === other.room),
  )
  expect((await alarmsOf(mei)).filter(({ kind }) => kind.startsWith("key_log"))).toEqual([])
})

test("a house that hides from one member what another has signed is found out by what is said in the room", async () => {
  let hide = false
  const old = new Map<string, Answer>()
  const hiding = (answer: Answer, url: string) => {
    if (!hide) old.set(url, answer)
    return hide ? { ...answer, entries: [], head: [...old.values()].at(-1).head } : answer
  }
  const bo = person()
  await bo.register("bo")
  const boUser = await userOf(bo)
  const mei = person({ fetch: lying([[new RegExp(`${boUser}/key-log$`), hiding]]) })
  await mei.register("mei")
  const room = await befriend(mei, "mei", bo, "bo")
  await mei.say(room, "hello")
  await bo.reads(room, ["hello"])
  await expect.poll(() => old.size).toBeGreaterThan(0)
  hide = true
  // Its device comes into no room of mei's: only what bo says tells of it.
  const phone = person({ fetch: lying([[/\/rooms$/, () => ({ rooms: [] })]]) })
  await phone.signIn("bo")
  const told = await bo.until("connection", undefined, ({ notices = [] }) => notices.length > 0)
  expect(told).toMatchObject({ alarms: [], notices: [{ kind: "device_added", who: "" }] })
  await bo.must("dismissAlarm", { id: told.notices?.[0]?.id ?? "" })
  expect(await alarmsOf(phone)).toEqual([])
  expect(await alarmsOf(mei)).toEqual([])
  await bo.say(room, "I have a new phone")
  expect(await alarmOf(mei, "key_log_changed")).toMatchObject({ room, who: "bo" })
})

test("accounts of before begin their log at the next sign-in, and nobody is alarmed", async () => {
  // As a client of before: it says nothing of a log.
  const before: Fetch = (url, init) => {
    if (!url.endsWith("/register/finish")) return fetch(url, init)
    const { keyLog: _, ...rest } = JSON.parse(String(init.body)) as Answer
    return fetch(url, { ...init, body: JSON.stringify(rest) })
  }
  const lengths = () => {
    const db = database()
    const rows = db.prepare("SELECT COUNT(*) AS n FROM key_log GROUP BY user_id").all()
    db.close()
    return rows.map(({ n }) => Number(n))
  }
  const [lan, bo] = [person({ fetch: before }), person({ fetch: before })]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "before")
  await bo.reads(room, ["before"])
  expect(lengths()).toEqual([])

  const phone = person()
  await phone.signIn("bo")
  // Identity, account key, two devices.
  expect(lengths()).toEqual([4])
  await phone.until("room", { room }, (value) => value.state === "here" && value.writable)
  await phone.say(room, "from the phone")
  await lan.reads(room, ["before", "from the phone"])
  await lan.say(room, "after")
  await bo.reads(room, ["before", "from the phone", "after"])

  // The password is proved for something else: that begins the other's.
  const lists = await phone.until("devices", undefined, ({ devices }) => devices.length === 2)
  const desk = lists.devices.find(({ current }) => !current)?.device as Id
  await phone.must("revokeDevice", { device: desk, password: PASSWORD })
  expect(lengths()).toEqual([6])
  await lan.must("changePassword", { current: PASSWORD, password: "another garden with 4 herons" })
  expect(lengths().sort()).toEqual([3, 6])
  for (const one of [lan, phone]) expect(await alarmsOf(one)).toEqual([])
})
