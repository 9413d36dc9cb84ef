import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { client } from "@serenity-kit/opaque"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import {
  bind,
  cheap,
  finishRequest,
  idOf,
  login,
  makeDevice,
  newPerson,
  openTestHouse,
  random,
  register,
  registration,
  type TestHouse,
} from "../http/house.fixture.ts"

let house: TestHouse
let now = Date.now()
beforeAll(async () => {
  house = await openTestHouse({ now: () => now })
})
afterAll(() => house.remove())

describe("registering and signing in", () => {
  it("gives a session that speaks for the first device", async () => {
    const lin = await register(house, "lin")
    const me = await house.call("me", { token: lin.token })
    expect(me.value).toMatchObject({ user: lin.person.user, username: "lin", device: lin.device.device })
    expect(me.value.generation).toBe(1)
    expect(me.value.selfRoom).toBeNull()
  })

  it("opens the vault again with the password, on a session without a device", async () => {
    const mei = await register(house, "梅花")
    const { entered } = await login(house, "梅花", mei.password)
    expect(entered?.value).toMatchObject({ user: mei.person.user, username: "梅花", generation: 1 })
    expect(entered?.value.vault.uik).toEqual(mei.person.uik)
    expect(entered?.value.accountKeys.map((key) => key.generation)).toEqual([1])
    const token = entered?.value.session.token as Uint8Array
    expect((await house.call("me", { token })).value.device).toBeNull()
    expect((await house.call("listContacts", { token })).refusal.kind).toBe("no_device")
  })

  it("takes a name in any of its spellings", async () => {
    const ada = await register(house, "ada")
    const { entered } = await login(house, " ＡＤＡ ", ada.password)
    expect(entered?.value.user).toBe(ada.person.user)
  })
})

describe("what is refused when registering, and leaves nothing behind", () => {
  it("a name that somebody has, at the first step and at the second", async () => {
    await register(house, "taken")
    const other = await newPerson("taken")
    const early = await registration(house, "TAKEN", "whatever it is", other.user)
    expect([early.begun.status, early.begun.refusal.kind]).toEqual([409, "username_taken"])

    const { record } = await registration(house, "free-then-taken", "pass pass pass", other.user)
    const device = await makeDevice(
      { ...other, username: "free-then-taken" },
      { house: await idOf(house), n: 1 },
    )
    await register(house, "free-then-taken")
    const request = finishRequest("free-then-taken", other, device, record ?? "")
    const late = await house.call("registerFinish", { request })
    expect(late.refusal.kind).toBe("username_taken")
  })

  it("a name that several people take at the same moment, but for one of them", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        register(house, "race").then(
          (who) => who.person.user,
          (error: Error) => error.message,
        ),
      ),
    )
    const lost = answers.filter(
      (answer) => answer.includes("username_taken") || answer.includes("could not begin"),
    )
    expect(lost).toHaveLength(7)
    const [won] = answers.filter((answer) => !lost.includes(answer))
    const known = await house.call("loginParameters", { request: { username: "race" } })
    expect(known.value.user).toBe(won)
  })

  it("a user id or a device id that is in use", async () => {
    const wen = await register(house, "wen")
    const sameId = await registration(house, "other-wen", "pass pass pass", wen.person.user)
    expect(sameId.begun.refusal.kind).toBe("id_taken")

    const other = await newPerson("wen2")
    const { record } = await registration(house, "wen2", "pass pass pass", other.user)
    const device = await makeDevice(other, { house: await idOf(house), n: 1, device: wen.device.device })
    const answer = await house.call("registerFinish", {
      request: finishRequest("wen2", other, device, record ?? ""),
    })
    expect(answer.refusal.kind).toBe("id_taken")
    const again = await registration(house, "wen2", "pass pass pass", other.user)
    expect(again.begun.status).toBe(200)
  })

  it("a name that is not a username", async () => {
    const { begun } = await registration(house, "a b", "pass pass pass", (await newPerson("x")).user)
    expect([begun.status, begun.refusal.kind]).toEqual([400, "invalid_username"])
  })

  it.each(["another house", "another name", "another key", "a later generation"])(
    "a certificate for %s",
    async (what) => {
      const name = `cert-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`
      const owner = await newPerson(name)
      const { record } = await registration(house, name, "pass pass pass", owner.user)
      const signer = what === "another key" ? { signer: (await newPerson("z")).uikPrivate } : {}
      const device = await makeDevice(what === "another name" ? { ...owner, username: "else" } : owner, {
        house: what === "another house" ? owner.user : await idOf(house),
        n: what === "a later generation" ? 2 : 1,
        ...signer,
      })
      const answer = await house.call("registerFinish", {
        request: finishRequest(name, owner, device, record ?? ""),
      })
      expect([answer.status, answer.refusal.kind]).toEqual([400, "invalid_certificate"])
      const { begun } = await registration(house, name, "pass pass pass", owner.user)
      expect(begun.status).toBe(200)
    },
  )

  it("a record that no login could start from", async () => {
    const owner = await newPerson("bad-record")
    const device = await makeDevice(owner, { house: await idOf(house), n: 1 })
    // Not the encoding of a point. Random bytes are one now and then, and such a record can be told from no other.
    const record = new Uint8Array(192).fill(0xff)
    const request = finishRequest("bad-record", owner, device, toBase64url(record))
    const answer = await house.call("registerFinish", { request })
    expect([answer.status, answer.refusal.kind]).toEqual([400, "malformed"])
  })
})

describe("a name that nobody has", () => {
  it("is answered like a wrong password, and always the same", async () => {
    await register(house, "exists")
    const wrong = await login(house, "exists", "not the password")
    const nobody = await login(house, "nobody", "not the password")
    const again = await login(house, "nobody", "another try")
    expect(nobody.parameters.value).toEqual(again.parameters.value)
    expect(nobody.parameters.value.stretching).toEqual(wrong.parameters.value.stretching)
    expect(nobody.parameters.value.user).not.toBe(wrong.parameters.value.user)
    expect(nobody.begun.value.response.length).toBe(wrong.begun.value.response.length)
    expect(wrong.entered?.status).toBe(401)
    expect(nobody.entered?.status).toBe(401)
    expect(nobody.entered?.refusal).toEqual(wrong.entered?.refusal)
    expect(nobody.entered?.refusal).toEqual({ kind: "wrong_credentials" })
  })

  it("keeps its stand-in over a restart", async () => {
    const first = await openTestHouse()
    const before = await first.call("loginParameters", { request: { username: "nobody" } })
    await first.stop()
    const second = await openTestHouse({ data: first.data })
    const after = await second.call("loginParameters", { request: { username: "nobody" } })
    await second.remove()
    expect(after.value).toEqual(before.value)
  })
})

describe("a login", () => {
  it("can be finished once only, rightly or wrongly", async () => {
    const kai = await register(house, "kai")
    const once = await login(house, "kai", kai.password)
    expect(once.entered?.status).toBe(200)
    const again = await house.call("loginFinish", {
      request: { login: once.begun.value.login, finish: once.finish ?? "" },
    })
    expect([again.status, again.refusal.kind]).toEqual([410, "login_expired"])
  })

  it("is over after two minutes", async () => {
    const request = client.startLogin({ password: "x" }).startLoginRequest
    const begun = await house.call("loginStart", { request: { username: "nobody", request } })
    now += 2 * 60_000
    const late = await house.call("loginFinish", { request: { login: begun.value.login, finish: "AAAA" } })
    expect(late.refusal.kind).toBe("login_expired")
  })

  it("needs a request that is OPAQUE's", async () => {
    const answer = await house.call("loginStart", { request: { username: "nobody", request: "AAAA" } })
    expect([answer.status, answer.refusal.kind]).toEqual([400, "malformed"])
  })
})

describe("a session", () => {
  it("is kept as a hash: nothing in the data folder signs in", async () => {
    const own = await openTestHouse()
    const who = await register(own, "hashed")
    await own.stop()
    const token = Buffer.from(who.token)
    const text = Buffer.from(toBase64url(who.token))
    const files: Uint8Array[] = readdirSync(own.data).map((name) => readFileSync(join(own.data, name)))
    // On a database server the rows are elsewhere.
    for (const row of await rawSql(own.data, "SELECT * FROM session"))
      for (const value of Object.values(row)) if (value instanceof Uint8Array) files.push(value)
    expect(
      files.some((bytes) => Buffer.from(bytes).includes(token) || Buffer.from(bytes).includes(text)),
    ).toBe(false)
    const hash = createHash("sha256").update(token).digest()
    expect(files.some((bytes) => Buffer.from(bytes).includes(hash))).toBe(true)
    await (await openTestHouse({ data: own.data })).remove()
  })

  it("ends with signing out", async () => {
    const { token } = await register(house, "leaver")
    expect((await house.call("logout", { token })).status).toBe(200)
    const after = await house.call("me", { token })
    expect([after.status, after.refusal.kind]).toEqual([401, "session_expired"])
  })

  it("ends after ninety days", async () => {
    const { token } = await register(house, "sleeper")
    now += 90 * 86_400_000 - 1000
    expect((await house.call("me", { token })).status).toBe(200)
    now += 1001
    expect((await house.call("me", { token })).refusal.kind).toBe("session_expired")
  })

  it("is needed, and must look like one", async () => {
    expect((await house.call("me")).refusal.kind).toBe("not_signed_in")
    const odd = await house.raw({ path: "/api/me", headers: { authorization: "Basic abc" } })
    expect(JSON.parse(odd.text)).toEqual({ kind: "not_signed_in" })
    expect((await house.call("me", { token: random(32) })).refusal.kind).toBe("session_expired")
  })
})

describe("rates", () => {
  it("of signing in: five a minute for an account, known or not, and then a number of seconds to wait", async () => {
    let at = Date.now()
    const strict = await openTestHouse({ now: () => at, limits: { signInsPerMinuteAccount: 5 } })
    const request = client.startLogin({ password: "x" }).startLoginRequest
    const guess = (username: string) => strict.call("loginStart", { request: { username, request } })
    for (let i = 0; i < 5; i++) expect((await guess("somebody")).status).toBe(200)
    const sixth = await guess("SomeBody")
    expect([sixth.status, sixth.refusal.kind, sixth.refusal.retryAfterMs]).toEqual([
      429,
      "rate_limited",
      12_000,
    ])
    expect(sixth.headers.get("retry-after")).toBe("12")
    expect((await guess("other")).status).toBe(200)
    at += 12_000
    expect((await guess("somebody")).status).toBe(200)
    await strict.remove()
  })

  it("of signing in: twenty a minute for an address, whatever the names", async () => {
    const at = Date.now()
    const strict = await openTestHouse({ now: () => at, limits: { signInsPerMinuteAddress: 20 } })
    const request = client.startLogin({ password: "x" }).startLoginRequest
    const kinds = []
    for (let i = 0; i < 21; i++)
      kinds.push((await strict.call("loginStart", { request: { username: `name${i}`, request } })).status)
    expect(kinds).toEqual([...Array<number>(20).fill(200), 429])
    await strict.remove()
  })

  it("of requests, for an address", async () => {
    const at = Date.now()
    const strict = await openTestHouse({ now: () => at, limits: { requestBurstAddress: 3 } })
    const kinds = []
    for (let i = 0; i < 4; i++) kinds.push((await strict.call("house")).status)
    expect(kinds).toEqual([200, 200, 200, 429])
    await strict.remove()
  })
})

describe("the log", () => {
  it("holds no token, password, name or id of a person, whatever goes wrong", async () => {
    const own = await openTestHouse()
    const who = await register(own, "mentioned", "a very secret word")
    await login(own, "mentioned", "a wrong secret word")
    await login(own, "mentioned", "a very secret word")
    await own.call("me", { token: who.token })
    await own.call("findUser", { token: who.token, request: { username: "searched-name" } })
    await own.raw({ method: "POST", path: "/api/login/start", body: '{"username":"broken-json' })
    await own.raw({ path: "/api/users/mentioned/devices?secret-query=1" })
    await bind(own, who.session, who.device)
    const log = own.logged()
    await own.remove()
    const words = ["mentioned", "secret", "searched-name", "broken-json", who.person.user, who.device.device]
    for (const word of [...words, toBase64url(who.token), "Bearer", "127.0.0.1"])
      expect(log).not.toContain(word)
    expect(log).toContain('"route":"loginFinish"')
  })
})

describe("stretching", () => {
  it("is the house's for new accounts, and each account's own afterwards", async () => {
    const own = await openTestHouse()
    await register(own, "early")
    await own.stop()
    const dearer = await openTestHouse({ data: own.data, stretching: { ...cheap, iterations: 2 } })
    expect((await dearer.call("house")).value.stretching.iterations).toBe(2)
    const known = await dearer.call("loginParameters", { request: { username: "early" } })
    expect(known.value.stretching).toEqual(cheap)
    await dearer.remove()
  })
})
