/** Administration over HTTP: who may, what each act does to whom it is done to, and that each is written down. */
import { readFileSync } from "node:fs"
import { client } from "@serenity-kit/opaque"
import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import { idBytes, idFrom, newId } from "@teahouse/protocol/ids.ts"
import { selfPolicy } from "@teahouse/protocol/policy.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import {
  listen,
  login,
  newPerson,
  openTestHouse,
  phoneOf,
  random,
  register,
  registration,
  revocationOf,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

const DAY = 86_400_000
let house: TestHouse
let host: TestPerson
let now = Date.now()
beforeAll(async () => {
  house = await openTestHouse({ now: () => now, limits: { sessionRecheckMs: 3_600_000 } })
  host = await register(house, "host")
})
afterAll(() => house.remove())

const on = (who: TestPerson) => ({ token: host.token, params: { user: who.person.user }, request: {} })
const everything = Object.entries(adminRoutes).filter(([name]) => name !== "amAdmin")
/** As far as the door: the kind of the refusal, where nothing else is asked. */
async function knock({ method, path }: { method: string; path: string }, token?: Uint8Array) {
  const bearer = token && { authorization: `Bearer ${toBase64url(token)}` }
  const where = `/api${path.replace(/:\w+/, host.person.user)}`
  return JSON.parse((await house.raw({ method, path: where, headers: { ...bearer } })).text).kind
}

describe("who may", () => {
  it("is the first account of a house that only its own machine reaches, and nobody after it", async () => {
    const guest = await register(house, "guest")
    expect((await house.call("amAdmin", { token: host.token })).value).toEqual({ admin: true })
    expect((await house.call("amAdmin", { token: guest.token })).value).toEqual({ admin: false })
    expect((await house.call("adminStats", { token: host.token })).value).toMatchObject({
      accounts: 2,
      admins: 1,
    })
  })

  it.each(everything)("%s: no stranger, no member, no session without a device", async (name, route) => {
    const kind = (token?: Uint8Array) => knock(route, token)
    const guest = await register(house, `no-${name.toLowerCase()}`)
    expect(await kind()).toBe("not_signed_in")
    expect(await kind(random(32))).toBe("session_expired")
    expect(await kind(guest.token)).toBe("not_admin")
    const { entered } = await login(house, "host", host.password)
    expect(await kind(entered?.value.session.token)).toBe("no_device")
  })

  it("is no device that was taken away, and nobody who was an administrator before", async () => {
    const own = await openTestHouse()
    const chief = await register(own, "chief")
    const phone = await phoneOf(own, chief)
    const ask = (token: Uint8Array) => own.call("adminStats", { token })
    expect((await ask(phone.token)).status).toBe(200)
    const request = await revocationOf(own, chief, phone.device.device, { staying: [chief.device] })
    await own.call("revokeDevices", { token: chief.token, request })
    expect((await ask(phone.token)).refusal.kind).toBe("device_revoked")
    expect((await ask(chief.token)).status).toBe(200)
    await rawSql(own.data, "UPDATE account SET admin = 0")
    expect((await ask(chief.token)).refusal.kind).toBe("not_admin")
    await own.remove()
  })
})

describe("an account that is disabled", () => {
  it("is out at once, cannot come back by password or code, and can when it is enabled", async () => {
    const mei = await register(house, "mei")
    const socket = await listen(house, mei)
    expect((await house.call("adminDisable", on(mei))).status).toBe(200)
    await expect.poll(() => socket.closed()).toBe(1008)
    expect((await house.call("me", { token: mei.token })).refusal.kind).toBe("session_expired")
    const refused = (await login(house, "mei", mei.password)).entered
    expect([refused?.status, refused?.refusal.kind]).toEqual([403, "account_disabled"])
    // Who does not know the password is not told.
    expect((await login(house, "mei", "a wrong one")).entered?.refusal.kind).toBe("wrong_credentials")
    expect((await house.call("adminEnable", on(mei))).status).toBe(200)
    expect((await login(house, "mei", mei.password)).entered?.status).toBe(200)
  })

  it("does not get in by a sign-in that had begun before", async () => {
    const tan = await register(house, "tan")
    const start = client.startLogin({ password: tan.password })
    const asked = { username: "tan", request: start.startLoginRequest }
    const begun = await house.call("loginStart", { request: asked })
    await house.call("adminDisable", on(tan))
    const finished = client.finishLogin({
      password: tan.password,
      clientLoginState: start.clientLoginState,
      loginResponse: begun.value.response,
      identifiers: { client: tan.person.user },
      keyStretching: { "argon2id-custom": { memory: 8, iterations: 1, parallelism: 1 } },
    })
    const request = { login: begun.value.login, finish: finished?.finishLoginRequest ?? "" }
    expect((await house.call("loginFinish", { request })).refusal.kind).toBe("account_disabled")
  })
})

it("an account that is reset needs its recovery code: the password opens nothing", async () => {
  const wu = await register(house, "wu")
  expect((await house.call("adminReset", on(wu))).status).toBe(200)
  expect((await house.call("me", { token: wu.token })).refusal.kind).toBe("session_expired")
  const { entered } = await login(house, "wu", wu.password)
  expect([entered?.status, entered?.refusal.kind]).toEqual([403, "recovery_required"])
  const { users } = (await house.call("adminUsers", { token: host.token, request: { search: "wu" } })).value
  expect(users).toMatchObject([{ username: "wu", mustRecover: true, devices: 1 }])
})

it("administrators are out of each other's reach, and nobody is made one from afar", async () => {
  for (const act of ["adminDisable", "adminEnable", "adminReset"] as const)
    expect((await house.call(act, on(host))).refusal.kind).toBe("protected_account")
  expect((await house.call("me", { token: host.token })).status).toBe(200)
  const nobody = { token: host.token, params: { user: idFrom(random(16)) }, request: {} }
  expect((await house.call("adminDisable", nobody)).refusal.kind).toBe("unknown_user")
  expect(Object.keys(adminRoutes).join()).not.toMatch(/grant|appoint/i)
})

it("a quota holds for its account alone, and is given back", async () => {
  const quota = async (who: TestPerson) => (await house.call("quota", { token: who.token })).value.user
  const [pan, qiu] = [await register(house, "pan"), await register(house, "qiu")]
  const usual = await quota(pan)
  await house.call("adminQuota", { ...on(pan), request: { bytes: 1000 } })
  expect([await quota(pan), await quota(qiu)]).toEqual([1000, usual])
  const upload = (who: TestPerson) => {
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")
    return house.raw({
      method: "POST",
      path: "/api/uploads",
      headers: {
        authorization: `Bearer ${toBase64url(who.token)}`,
        "tus-resumable": "1.0.0",
        "upload-length": "1001",
        "upload-metadata": `blob ${base64(random(16))},token ${base64(random(32))}`,
      },
    })
  }
  expect(JSON.parse((await upload(pan)).text).kind).toBe("quota_exceeded")
  expect((await upload(qiu)).status).toBe(201)
  await house.call("adminQuota", { ...on(pan), request: { bytes: null } })
  expect((await upload(pan)).status).toBe(201)
  const { users } = (await house.call("adminUsers", { token: host.token, request: { search: "Pan" } })).value
  expect(users).toMatchObject([{ username: "pan", quota: null, files: 1001 }])
})

describe("invitations", () => {
  it("make as many accounts as they may, also when all come at once; then they say why not", async () => {
    const shut = await openTestHouse({ origins: ["https://tea.example"], now: () => now })
    const chief = await registerFirst(shut)
    const invite = async (uses: number, life: number) =>
      (await shut.call("adminCreateInvite", { token: chief.token, request: { uses, life } })).value
    const two = await invite(2, DAY)
    const came = await Promise.allSettled(
      ["ann", "bob", "cai", "dee"].map((name) => register(shut, name, undefined, two.code)),
    )
    expect(came.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    for (const one of came)
      if (one.status === "rejected") expect(String(one.reason)).toMatch(/could not begin|invite_used_up/)
    const try_ = async (code: Uint8Array) =>
      (await registration(shut, "eve", "eve likes oolong", (await newPerson("eve")).user, code)).begun.refusal
        .kind
    expect(await try_(two.code)).toBe("invite_used_up")
    const short = await invite(5, 3_600_000)
    now += 3_600_000
    expect(await try_(short.code)).toBe("invite_expired")
    const taken = await invite(1, DAY)
    const params = { invite: taken.invite }
    expect((await shut.call("adminRevokeInvite", { token: chief.token, params, request: {} })).status).toBe(
      200,
    )
    expect(await try_(taken.code)).toBe("invalid_invite")
    const again = await shut.call("adminRevokeInvite", { token: chief.token, params, request: {} })
    expect(again.refusal.kind).toBe("unknown_record")

    const { invites } = (await shut.call("adminInvites", { token: chief.token })).value
    expect(invites.map(({ admin, uses, used }) => [admin, uses, used])).toEqual(
      expect.arrayContaining([
        [true, 1, 1],
        [false, 2, 2],
        [false, 5, 0],
        [false, 1, 0],
      ]),
    )
    expect(invites.find(({ invite: id }) => id === taken.invite)?.revoked).toBe(now)
    // Those that are over go in the end, and one that still holds stays.
    const open = await invite(1, 365 * DAY)
    now += 31 * DAY
    await invite(1, DAY)
    const left = (await shut.call("adminInvites", { token: chief.token })).value.invites
    expect(left.map(({ invite: id }) => id)).toContain(open.invite)
    expect(left.map(({ invite: id }) => id)).not.toContain(two.invite)
    await shut.remove()
  })

  it("are bounded, and their codes are nowhere in the house", async () => {
    const make = (uses: number, life: number) =>
      house.call("adminCreateInvite", { token: host.token, request: { uses, life } })
    for (const [uses, life] of [
      [0, DAY],
      [1001, DAY],
      [1, 0],
      [1, 366 * DAY],
      [1.5, DAY],
    ] as const)
      expect((await rawInvite(uses, life)).status).toBe(400)
    const { code } = (await make(1, DAY)).value
    const rows = await rawSql(house.data, "SELECT * FROM invite")
    const found = rows.flatMap((row) => Object.values(row)).filter((v) => v instanceof Uint8Array)
    expect(found.length).toBeGreaterThan(0)
    for (const value of found)
      expect(Buffer.from(value as Uint8Array).includes(Buffer.from(code))).toBe(false)
  })
})

it("users come in pages, by name, and are found by a part of it in any spelling", async () => {
  const own = await openTestHouse()
  const chief = await register(own, "chief")
  const rows = Array.from({ length: 60 }, (_, i) => `m${String(i).padStart(2, "0")}`)
  for (const name of rows)
    await rawSql(
      own.data,
      `INSERT INTO account SELECT ?, ?, kind, 0, uik, generation, record, stretch_memory, stretch_iterations, stretch_parallelism,
       vault_version, vault_key, vault_key_signature, root_by_password, root_by_recovery, recovery_key, vault_keys, notebook_cursor,
       created, 0, 0, NULL FROM account WHERE admin = 1`,
      [random(16), Buffer.from(name)],
    )
  const ask = async (request: { search?: string; after?: string }) =>
    (await own.call("adminUsers", { token: chief.token, request })).value
  const first = await ask({})
  expect([first.users.length, first.more, first.users[0]?.username]).toEqual([50, true, "chief"])
  const second = await ask({ after: first.users.at(-1)?.username ?? "" })
  expect([second.users.length, second.more]).toEqual([11, false])
  expect((await ask({ search: " Ｍ1" })).users.map(({ username }) => username)).toEqual(
    rows.filter((name) => name.includes("m1")),
  )
  await own.remove()
})

it("rooms are counts: members, devices, entries, bytes, age; nothing of who or what", async () => {
  const own = await openTestHouse({ now: () => now })
  const chief = await register(own, "chief")
  const room = newId(random)
  const view = await openRoom(chief.device, room, selfPolicy(chief.person.user))
  const opening = await groupInfoOf(view.mls)
  await own.call("createRoom", { token: chief.token, request: { room, n: 1, opening } })
  // The room's row does not know of it yet: messages are ahead of it (room/appender.ts).
  await rawSql(
    own.data,
    `INSERT INTO entry SELECT room_id, 2, incarnation, generation, kind, device_id, n + 1, time, body, body_hash, hash
     FROM entry WHERE seq = 1`,
  )
  const { rooms } = (await own.call("adminRooms", { token: chief.token, request: {} })).value
  const rowOf = (await rawSql(own.data, "SELECT SUM(LENGTH(body)) AS bytes FROM entry WHERE room_id = ?", [
    idBytes(room),
  ])) as unknown as { bytes: number }[]
  expect(rooms).toEqual([
    {
      ...{ room, kind: "self", state: "open", members: 1, devices: 1, entries: 2 },
      ...{ bytes: Number(rowOf[0]?.bytes), created: now, last: now },
    },
  ])
  expect((await own.call("adminRooms", { token: chief.token, request: { skip: 1 } })).value.rooms).toEqual([])
  expect((await own.call("adminStats", { token: chief.token })).value).toMatchObject({
    direct: 0,
    entries: 2,
  })
  await own.remove()
})

describe("the audit log", () => {
  it("has a row for each act: who, what, on whom, when; and none for one that was refused or changed nothing", async () => {
    const own = await openTestHouse({ now: () => now })
    const chief = await register(own, "chief")
    const zoe = await register(own, "zoe")
    const to = { token: chief.token, params: { user: zoe.person.user }, request: {} }
    await own.call("adminDisable", to)
    await own.call("adminDisable", to)
    await own.call("adminEnable", to)
    await own.call("adminReset", to)
    await own.call("adminQuota", { ...to, request: { bytes: 5 } })
    await own.call("adminDisable", { ...to, params: { user: chief.person.user } })
    await own.call("adminDisable", { ...to, token: zoe.token })
    const request = { uses: 3, life: DAY }
    const { invite } = (await own.call("adminCreateInvite", { token: chief.token, request })).value
    const audit = async (query: { before?: number }) =>
      (await own.call("adminAudit", { token: chief.token, request: query })).value
    const { acts: all } = await audit({})
    const about = { by: "chief", time: now }
    const onZoe = { ...about, on: "zoe" }
    expect(all).toEqual([
      { ...about, seq: 6, act: "invite", on: invite, uses: 3, expires: now + DAY },
      { ...onZoe, seq: 5, act: "quota", bytes: 5 },
      { ...onZoe, seq: 4, act: "reset" },
      { ...onZoe, seq: 3, act: "enable" },
      { ...onZoe, seq: 2, act: "disable" },
      {
        ...{ seq: 1, time: now, by: null, act: "first", on: "chief" },
      },
    ])
    // Who is no more is still called by the name, and by nothing else.
    const { entered } = await login(own, "zoe", zoe.password)
    expect(entered?.refusal.kind).toBe("recovery_required")
    await rawSql(own.data, "DELETE FROM account WHERE admin = 0")
    expect((await audit({})).acts).toEqual(all)
    expect((await audit({ before: 3 })).acts.map(({ seq }) => seq)).toEqual([2, 1])
    await own.remove()
  })
})

const rawInvite = (uses: number, life: number) =>
  house.raw({
    method: "POST",
    path: "/api/admin/invites",
    headers: {
      authorization: `Bearer ${toBase64url(host.token)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ uses, life }),
  })

async function registerFirst(shut: TestHouse): Promise<TestPerson> {
  const code = /#invite=([\w-]{43})/.exec(readFileSync(shut.firstInvite ?? "", "utf8"))?.[1] ?? ""
  return register(shut, "chief", undefined, new Uint8Array(Buffer.from(code, "base64url")))
}

it("how the node is doing: who is connected, memory, disk", async () => {
  const live = async () => (await house.call("adminLive", { token: host.token })).value
  const before = (await live()).connections
  const socket = await listen(house, host)
  const { connections, messages, deliveries, p99, memory, disk, time } = await live()
  expect([connections, time]).toEqual([before + 1, now])
  expect([messages, deliveries, p99]).toEqual([0, 0, null])
  expect(memory).toBeGreaterThan(10 * 1024 ** 2)
  expect(disk?.size).toBeGreaterThan(disk?.free ?? 0)
  socket.close()
  await expect.poll(async () => (await live()).connections).toBe(before)
})
