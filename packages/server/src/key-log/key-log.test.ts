/** What the house takes into key logs, and what it gives out of them. */

import { suite } from "@teahouse/judge/suite.ts"
import { concat } from "@teahouse/protocol/bytes.ts"
import { bindBytes } from "@teahouse/protocol/greeting.ts"
import {
  emptyKeyLog,
  extendKeyLog,
  type KeyLog,
  type KeyLogChange,
  keyLogContent,
  keyLogToSign,
  liveDevices,
  verifyKeyLog,
} from "@teahouse/protocol/key-log.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import {
  finishRequest,
  idOf,
  login,
  makeDevice,
  newPerson,
  openTestHouse,
  register,
  registration,
  revocationOf,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

type Owner = Pick<TestPerson, "person">
let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.remove())

async function write(owner: Owner, changes: readonly KeyLogChange[], from?: KeyLog) {
  let log = from ?? emptyKeyLog(await idOf(house), owner.person.user)
  const entries: Uint8Array[] = []
  for (const change of changes) {
    const content = keyLogContent(log, change)
    const signature = await (await suite()).signature.sign(owner.person.uikPrivate, keyLogToSign(content))
    const entry = concat(content, signature)
    const next = extendKeyLog(log, [entry])
    if (!next.ok) throw new Error(next.error)
    log = next.value
    entries.push(entry)
  }
  return { log, entries }
}

type Device = Awaited<ReturnType<typeof makeDevice>>
const added = (one: Device): KeyLogChange => ({
  kind: "device_added",
  device: one.device,
  signatureKey: one.signatureKey,
})
const beginning = (owner: Owner, devices: readonly Device[], generation = 1): KeyLogChange[] => [
  { kind: "identity", uik: owner.person.uik },
  ...Array.from({ length: generation }, (_, i) => ({ kind: "account_key", generation: i + 1 }) as const),
  ...devices.map(added),
]
const deviceOf = async (owner: Owner) => makeDevice(owner.person, { house: await idOf(house), n: 1 })

async function signUp(name: string, entriesOf: (owner: Owner, device: Device) => Promise<Uint8Array[]>) {
  const owner = { person: await newPerson(name) }
  const device = await deviceOf(owner)
  const password = `${name} likes oolong`
  const { record } = await registration(house, name, password, owner.person.user)
  const keyLog = await entriesOf(owner, device)
  const request = { ...finishRequest(name, owner.person, device, record ?? ""), keyLog }
  const done = await house.call("registerFinish", { request })
  return { ...owner, device, name, password, done, token: done.value?.session.token as Uint8Array }
}
const joined = (name: string) =>
  signUp(name, async (owner, device) => (await write(owner, beginning(owner, [device]))).entries)

async function bindWith(
  who: Owner & { name: string; password: string },
  device: Device,
  keyLog?: Uint8Array[],
) {
  const { entered } = await login(house, who.name, who.password)
  if (!entered?.value) throw new Error("not signed in")
  const { session } = entered.value
  const said = bindBytes(device.house, session.id, device.device)
  const signature = await (await suite()).signature.sign(device.signKey, said)
  const { certificate, signatureKey } = device
  const answer = await house.call("bindDevice", {
    token: session.token,
    request: { device: device.device, certificate, signatureKey, signature, ...(keyLog ? { keyLog } : {}) },
  })
  return { answer, token: session.token }
}

const readAs = (token: Uint8Array, owner: Owner, after = 0) =>
  house.call("readKeyLog", { token, params: { user: owner.person.user }, request: { after } })
async function logOf(token: Uint8Array, owner: Owner) {
  const { houseKey } = (await house.call("house")).value
  const { entries, head } = (await readAs(token, owner)).value
  const read = await verifyKeyLog(houseKey, emptyKeyLog(await idOf(house), owner.person.user), entries, head)
  if (!read.ok) throw new Error(read.error)
  return read.value
}

test("a log grows with its account, each change and its entry together or not at all", async () => {
  const lin = await joined("log-lin")
  expect(lin.done.status).toBe(200)
  const first = await logOf(lin.token, lin)
  expect(liveDevices(first)).toEqual([lin.device.device])

  const phone = await deviceOf(lin)
  const { entries } = await write(lin, [added(phone)], first)
  expect((await bindWith(lin, phone, entries)).answer.status).toBe(200)
  const second = await logOf(lin.token, lin)
  expect(liveDevices(second)).toEqual([lin.device.device, phone.device])

  // Made upon the head before: it is refused, and so is its device.
  const late = await deviceOf(lin)
  const stale = await bindWith(lin, late, (await write(lin, [added(late)], first)).entries)
  expect(stale.answer.refusal.kind).toBe("version_conflict")
  expect(await logOf(lin.token, lin)).toEqual(second)
  const listed = await house.call("listDevices", { token: lin.token, params: { user: lin.person.user } })
  expect(listed.value.devices).toHaveLength(2)

  const going = await revocationOf(house, lin as unknown as TestPerson, phone.device, {
    staying: [lin.device],
  })
  const gone: KeyLogChange[] = [
    { kind: "device_revoked", device: phone.device },
    { kind: "account_key", generation: 2 },
  ]
  const revocation = { ...going, keyLog: (await write(lin, gone, second)).entries }
  const { entered } = await login(house, lin.name, lin.password)
  const token = entered?.value.session.token as Uint8Array
  expect((await house.call("revokeDevices", { token, request: going })).refusal.kind).toBe(
    "unsupported_version",
  )
  expect((await house.call("revokeDevices", { token, request: revocation })).status).toBe(200)
  // Its answer may be lost: the same again changes nothing.
  expect((await house.call("revokeDevices", { token, request: revocation })).status).toBe(200)
  const third = await logOf(lin.token, lin)
  expect([third.generation, liveDevices(third)]).toEqual([2, [lin.device.device]])
  expect((await readAs(lin.token, lin, 3)).value.entries).toHaveLength(third.hashes.length - 3)
})

test("what does not say what the account is, is refused, and the account stays as it was", async () => {
  const foreign = { person: await newPerson("log-eve") }
  /** In the owner's name, and not by the owner's key. */
  const posing = ({ person }: Owner): Owner => ({
    person: { ...person, uikPrivate: foreign.person.uikPrivate },
  })
  const wrong: [string, (owner: Owner, device: Device) => Promise<Uint8Array[]>][] = [
    ["invalid_key_log", async (owner) => (await write(owner, beginning(owner, []))).entries],
    ["invalid_key_log", async (owner, one) => (await write(owner, beginning(owner, [one], 2))).entries],
    [
      "invalid_key_log",
      async (owner) => (await write(owner, beginning(owner, [await deviceOf(owner)]))).entries,
    ],
    ["invalid_key_log", async (owner, one) => (await write(foreign, beginning(owner, [one]))).entries],
    ["invalid_key_log", async (owner, one) => (await write(posing(owner), beginning(owner, [one]))).entries],
    [
      "version_conflict",
      async (owner, one) => (await write(owner, beginning(owner, [one]))).entries.slice(1),
    ],
  ]
  for (const [i, [kind, entriesOf]] of wrong.entries()) {
    const who = await signUp(`log-wrong-${i}`, entriesOf)
    expect(who.done.refusal.kind).toBe(kind)
    // The name is free: nothing of it was kept.
    expect((await joined(`log-wrong-${i}`)).done.status).toBe(200)
  }
  const lin = await joined("log-mei")
  const phone = await deviceOf(lin)
  expect((await bindWith(lin, phone)).answer.refusal.kind).toBe("unsupported_version")
  const other = await deviceOf(lin)
  const log = await logOf(lin.token, lin)
  const about = await bindWith(lin, phone, (await write(lin, [added(other)], log)).entries)
  expect(about.answer.refusal).toMatchObject({
    kind: "invalid_key_log",
    detail: { reason: "not_the_account" },
  })
  const unsigned = await bindWith(lin, phone, (await write(posing(lin), [added(phone)], log)).entries)
  expect(unsigned.answer.refusal).toEqual({ kind: "invalid_key_log" })
  const { entered } = await login(house, lin.name, lin.password)
  const going = await revocationOf(house, lin as unknown as TestPerson, lin.device.device, { staying: [] })
  const gone: KeyLogChange[] = [
    { kind: "device_revoked", device: lin.device.device },
    { kind: "account_key", generation: 2 },
  ]
  const request = { ...going, keyLog: (await write(posing(lin), gone, log)).entries }
  const token = entered?.value.session.token as Uint8Array
  expect((await house.call("revokeDevices", { token, request })).refusal).toEqual({ kind: "invalid_key_log" })
  expect(await logOf(lin.token, lin)).toEqual(log)
})

test("an account of before begins its log with all that it has, or not at all", async () => {
  const old = await register(house, "log-old")
  expect((await readAs(old.token, old)).value.head.position).toBe(0)
  expect((await logOf(old.token, old)).uik).toBeUndefined()
  // Without one nothing is asked of it.
  const phone = await deviceOf(old)
  const { answer, token } = await bindWith(old, phone)
  expect(answer.status).toBe(200)
  const begin = async (entries: Uint8Array[], by = token) =>
    (await house.call("beginKeyLog", { token: by, request: { entries } })).refusal?.kind
  const partly = (await write(old, beginning(old, [phone]))).entries
  expect(await begin(partly)).toBe("invalid_key_log")
  const thief = { person: await newPerson("log-old", old.person.user) }
  expect(await begin((await write(thief, beginning(old, [old.device, phone]))).entries)).toBe(
    "invalid_key_log",
  )
  const { entries } = await write(old, beginning(old, [old.device, phone]))
  expect(await begin(entries)).toBeUndefined()
  expect(liveDevices(await logOf(old.token, old))).toHaveLength(2)
  // Once.
  expect(await begin(entries)).toBe("version_conflict")
  expect((await house.call("beginKeyLog", { token: phone.signatureKey, request: { entries } })).status).toBe(
    401,
  )
})

test("to a stranger it is as if there were nobody", async () => {
  const [lin, bo] = [await joined("log-a"), await joined("log-b")]
  const stranger = await readAs(bo.token, lin)
  expect(stranger.refusal.kind).toBe("not_friends")
  const nobody = await readAs(bo.token, { person: await newPerson("log-nobody") })
  expect(nobody.refusal).toEqual(stranger.refusal)
})
