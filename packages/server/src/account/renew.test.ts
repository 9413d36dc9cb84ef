/** A new password, and the recovery code that sets one: all of it holds in one moment, or nothing has changed. */
import { ed25519 } from "@noble/curves/ed25519.js"
import { client, ready } from "@serenity-kit/opaque"
import { recoveryBytes } from "@teahouse/protocol/greeting.ts"
import type { RequestOf } from "@teahouse/protocol/http/route.ts"
import type { Routes } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { onMysql, rawSql } from "../db/database.fixture.ts"
import {
  bind,
  cheap,
  finishRequest,
  idOf,
  listen,
  login,
  makeDevice,
  newPerson,
  openTestHouse,
  phoneOf,
  random,
  register,
  registration,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

const NEW = "a much longer walk by the river"
let house: TestHouse
let now = Date.now()
let count = 0
let lin: TestPerson
/** Of the recovery code that `lin` has. */
let code: Uint8Array

beforeAll(async () => {
  house = await openTestHouse({ now: () => now })
})
afterAll(() => house.remove())
beforeEach(async () => {
  now = Date.now()
  code = random(32)
  lin = await registerWith(`renew${++count}`, code)
})

async function registerWith(name: string, secret: Uint8Array): Promise<TestPerson> {
  const owner = await newPerson(name)
  const device = await makeDevice(owner, { house: await idOf(house), n: 1 })
  const password = `${name} likes oolong`
  const { record } = await registration(house, name, password, owner.user)
  const request = finishRequest(name, owner, device, record ?? "")
  const vault = { ...request.vault, recoveryKey: ed25519.getPublicKey(secret) }
  const { value } = await house.call("registerFinish", { request: { ...request, vault } })
  return { name, password, person: owner, device, session: value.session, token: value.session.token }
}

type Finish = RequestOf<Routes["passwordFinish"]>
const entered = async (password: string) => {
  const { entered: answer } = await login(house, lin.name, password)
  return answer
}
const refusalOf = async (password: string) => (await entered(password))?.refusal?.kind

/** OPAQUE's half of it, and what the vault becomes; both wraps of a code that is not replaced stay. */
async function newRecord(token: Uint8Array, user: Id, password: string) {
  await ready
  const start = client.startRegistration({ password })
  const begun = await house.call("passwordStart", { token, request: { request: start.registrationRequest } })
  if (begun.status !== 200) return { begun, record: "" }
  const { registrationRecord } = client.finishRegistration({
    password,
    clientRegistrationState: start.clientRegistrationState,
    registrationResponse: begun.value.response,
    identifiers: { client: user },
    keyStretching: { "argon2id-custom": cheap },
  })
  return { begun, record: registrationRecord }
}

/** Proves the old password, and makes what sets the new one. */
async function change(password = NEW, more: Partial<Finish> = {}) {
  const proved = (await entered(lin.password))?.value
  if (!proved) throw new Error("not signed in")
  const { session, vault, user } = proved
  const { record } = await newRecord(session.token, user, password)
  const { rootByRecovery, recoveryKey, version } = vault
  const wraps = { rootByPassword: random(60), rootByRecovery, recoveryKey }
  const request: Finish = { record, stretching: cheap, version: version + 1, ...wraps, ...more }
  const finish = () => house.call("passwordFinish", { token: session.token, request })
  return { session, vault, request, finish }
}

async function recover(secret: Uint8Array, name = lin.name) {
  const begun = await house.call("recoveryStart", { request: { username: name } })
  if (begun.status !== 200) return { begun }
  const { challenge, user, nonce } = begun.value
  const signature = ed25519.sign(recoveryBytes(await idOf(house), user, challenge, nonce), secret)
  const answer = await house.call("recoveryFinish", { request: { challenge, signature } })
  return { begun, challenge, signature, answer }
}

const sql = (text: string) => rawSql(house.data, text)
const failing = onMysql ? "FOR EACH ROW SIGNAL SQLSTATE '45000'" : "BEGIN SELECT RAISE(ABORT, 'fault'); END"
const works = async (token: Uint8Array) => (await house.call("me", { token })).status === 200

describe("a new password", () => {
  it("opens the vault, the old one opens nothing, and identity, keys and device are the same", async () => {
    const before = (await entered(lin.password))?.value
    const changing = await change()
    expect((await changing.finish()).status).toBe(200)
    expect(await refusalOf(lin.password)).toBe("wrong_credentials")
    const after = (await entered(NEW))?.value
    const { rootByPassword } = changing.request
    expect(after?.vault).toEqual({ ...before?.vault, version: 2, rootByPassword })
    expect(after?.accountKeys).toEqual(before?.accountKeys)
    expect([after?.user, after?.generation]).toEqual([before?.user, before?.generation])
    if (after) expect((await bind(house, after.session, lin.device)).status).toBe(200)
    expect((await recover(code)).answer?.value.vault).toEqual(after?.vault)
  })

  it("ends every other session and its socket; who did it stays, and the one it names", async () => {
    const phone = await phoneOf(house, lin)
    const [here, there] = [await listen(house, lin), await listen(house, phone)]
    const changing = await change(NEW, { keep: lin.session.id })
    expect((await changing.finish()).status).toBe(200)
    await expect.poll(there.closed).toBe(1008)
    expect(await works(phone.token)).toBe(false)
    expect([await works(lin.token), await works(changing.session.token)]).toEqual([true, true])
    expect(here.closed()).toBe(0)
    here.close()

    const other = await register(house, `other${count}`)
    lin = { ...lin, password: NEW }
    const again = await change("one more walk by the river", { keep: other.session.id })
    expect((await again.finish()).status).toBe(200)
    expect([await works(lin.token), await works(other.token)]).toEqual([false, true])
  })

  it("is set once by two who change it at the same moment", async () => {
    const [one, two] = [await change(NEW), await change("another walk by the river")]
    const answers = await Promise.all([one.finish(), two.finish()])
    const lost = answers.filter((answer) => answer.status !== 200)
    expect(lost).toHaveLength(1)
    expect(["version_conflict", "session_expired"]).toContain(lost[0]?.refusal.kind)
    const opens = [await entered(NEW), await entered("another walk by the river")]
    expect(opens.map((answer) => answer?.status)).toEqual(
      answers.map((answer) => (answer.status === 200 ? 200 : 401)),
    )
    expect(await refusalOf(lin.password)).toBe("wrong_credentials")
  })

  it("is set once by one session, whatever it sends twice", async () => {
    const changing = await change()
    expect((await changing.finish()).status).toBe(200)
    expect((await changing.finish()).status).toBe(200)
    const other = await newRecord(changing.session.token, lin.person.user, "a third one by the river")
    const { token } = changing.session
    const stale = await house.call("passwordFinish", {
      token,
      request: { ...changing.request, record: other.record },
    })
    expect(stale.refusal.kind).toBe("version_conflict")
    expect((await entered(NEW))?.status).toBe(200)
  })

  it("needs a fresh proof, and cannot touch identity, vault key or half of the recovery code", async () => {
    const changing = await change()
    now += 6 * 60_000
    expect((await changing.finish()).refusal.kind).toBe("not_fresh")
    expect((await newRecord(lin.token, lin.person.user, NEW)).begun.refusal.kind).toBe("not_fresh")
    now -= 6 * 60_000
    for (const field of ["uik", "vaultKey", "vaultKeySignature", "keys", "vault"]) {
      const body = { ...changing.request, [field]: random(32) } as never
      const answer = await house
        .call("passwordFinish", { token: changing.session.token, request: body })
        .catch(() => undefined)
      expect(answer?.status ?? 400).toBe(400)
    }
    for (const half of [{ recoveryKey: random(32) }, { rootByRecovery: random(60) }, { version: 3 }]) {
      const answer = await house.call("passwordFinish", {
        token: changing.session.token,
        request: { ...changing.request, ...half },
      })
      expect(["malformed", "version_conflict"]).toContain(answer.refusal.kind)
    }
    const notOne = { ...changing.request, record: "AAAA" }
    const answer = await house.call("passwordFinish", { token: changing.session.token, request: notOne })
    expect(answer.refusal.kind).toBe("malformed")
    expect((await entered(lin.password))?.value.vault.version).toBe(1)
  })

  it("shuts out whoever had begun to sign in with the old one", async () => {
    await ready
    const start = client.startLogin({ password: lin.password })
    const begun = await house.call("loginStart", {
      request: { username: lin.name, request: start.startLoginRequest },
    })
    const finished = client.finishLogin({
      password: lin.password,
      clientLoginState: start.clientLoginState,
      loginResponse: begun.value.response,
      identifiers: { client: lin.person.user },
      keyStretching: { "argon2id-custom": cheap },
    })
    const old = await house.call("recoveryStart", { request: { username: lin.name } })
    expect((await (await change()).finish()).status).toBe(200)
    const { login: id } = begun.value
    const late = await house.call("loginFinish", {
      request: { login: id, finish: finished?.finishLoginRequest ?? "" },
    })
    expect(late.refusal.kind).toBe("wrong_credentials")
    const { challenge, user, nonce } = old.value
    const signature = ed25519.sign(recoveryBytes(await idOf(house), user, challenge, nonce), code)
    const lateCode = await house.call("recoveryFinish", { request: { challenge, signature } })
    expect(lateCode.refusal.kind).toBe("wrong_recovery_code")
  })

  it.each([
    ["the record", "UPDATE ON account"],
    ["the other sessions", "DELETE ON session"],
    ["the own session", "UPDATE ON session"],
  ])("is not there at all where the writer fails at %s", async (_, at) => {
    const phone = await phoneOf(house, lin)
    const changing = await change()
    const before = await sql("SELECT * FROM account")
    for (const moment of ["BEFORE", "AFTER"]) {
      await sql(`CREATE TRIGGER fault ${moment} ${at} ${failing}`)
      const failed = await changing.finish()
      await sql("DROP TRIGGER fault")
      expect(failed.refusal.kind).toBe("internal")
      expect(await sql("SELECT * FROM account")).toEqual(before)
      expect([await works(lin.token), await works(phone.token)]).toEqual([true, true])
      expect(await refusalOf(NEW)).toBe("wrong_credentials")
      expect((await entered(lin.password))?.value.vault.version).toBe(1)
    }
    expect((await changing.finish()).status).toBe(200)
    expect(await refusalOf(lin.password)).toBe("wrong_credentials")
    expect((await entered(NEW))?.value.vault.rootByPassword).toEqual(changing.request.rootByPassword)
  })
})

describe("the recovery code", () => {
  it("opens the vault and sets a new password and a new code, once; all other sessions end", async () => {
    const before = (await entered(lin.password))?.value
    const { answer } = await recover(code)
    const got = answer?.value
    expect(got).toMatchObject({ user: before?.user, username: lin.name, vault: before?.vault })
    expect(got?.accountKeys).toEqual(before?.accountKeys)
    if (!got) return
    const { token } = got.session
    const { record } = await newRecord(token, got.user, NEW)
    const next = random(32)
    const { rootByRecovery, recoveryKey } = got.vault
    const base = { record, stretching: cheap, version: 2, rootByPassword: random(60) }
    const fresh = { rootByRecovery: random(60), recoveryKey: ed25519.getPublicKey(next) }
    const finish = (more: Pick<Finish, "rootByRecovery" | "recoveryKey" | "keep">) =>
      house.call("passwordFinish", { token, request: { ...base, ...more } })
    for (const kept of [
      { rootByRecovery, recoveryKey },
      { ...fresh, recoveryKey },
      { ...fresh, rootByRecovery },
      { ...fresh, keep: lin.session.id },
    ])
      expect((await finish(kept)).refusal.kind).toBe("malformed")
    expect((await entered(lin.password))?.value.vault).toEqual(before?.vault)

    expect((await finish(fresh)).status).toBe(200)
    expect([await works(lin.token), await works(token)]).toEqual([false, true])
    expect(await refusalOf(lin.password)).toBe("wrong_credentials")
    expect((await entered(NEW))?.value.vault).toMatchObject({ ...fresh, uik: before?.vault.uik })
    expect((await recover(code)).answer?.refusal.kind).toBe("wrong_recovery_code")
    expect((await recover(next)).answer?.status).toBe(200)
  })

  it("is the only way into an account that an administrator has reset, until it has set a new password", async () => {
    await rawSql(house.data, "UPDATE account SET must_recover = 1 WHERE name = ?", [Buffer.from(lin.name)])
    expect(await refusalOf(lin.password)).toBe("recovery_required")
    const got = (await recover(code)).answer?.value
    if (!got) throw new Error("not recovered")
    const { token } = got.session
    const { record } = await newRecord(token, got.user, NEW)
    const fresh = { rootByRecovery: random(60), recoveryKey: ed25519.getPublicKey(random(32)) }
    const request = { record, stretching: cheap, version: 2, rootByPassword: random(60), ...fresh }
    expect((await house.call("passwordFinish", { token, request })).status).toBe(200)
    expect((await entered(NEW))?.status).toBe(200)
  })

  it("gives a session that speaks for nobody before the new password is set", async () => {
    const { answer } = await recover(code)
    const session = answer?.value.session as TestPerson["session"]
    const { token } = session
    const device = await makeDevice(lin.person, { house: await idOf(house), n: 1 })
    expect((await bind(house, session, device)).status).toBe(200)
    expect((await house.call("listContacts", { token })).refusal.kind).toBe("not_fresh")
    expect((await house.call("deleteAccount", { token, request: {} })).refusal.kind).toBe("not_fresh")
    await expect(listen(house, { session, device })).rejects.toThrow("closed")
    const { record } = await newRecord(token, lin.person.user, NEW)
    const wraps = { rootByPassword: random(60), rootByRecovery: random(60), recoveryKey: random(32) }
    const request = { record, stretching: cheap, version: 2, ...wraps }
    expect((await house.call("passwordFinish", { token, request })).status).toBe(200)
    expect((await house.call("listContacts", { token })).status).toBe(200)
    const socket = await listen(house, { session, device })
    socket.close()
  })

  it("that is wrong changes nothing, and a name that nobody has answers alike", async () => {
    const wrong = await recover(random(32))
    const nobody = await recover(random(32), `nobody${count}`)
    const again = await recover(random(32), `nobody${count}`)
    for (const { answer } of [wrong, nobody])
      expect([answer?.status, answer?.refusal]).toEqual([401, { kind: "wrong_recovery_code" }])
    expect(nobody.begun.value.user).toBe(again.begun.value.user)
    expect(nobody.begun.value.nonce).not.toEqual(again.begun.value.nonce)
    expect(Object.keys(nobody.begun.value)).toEqual(Object.keys(wrong.begun.value))
    // One start allows one guess, also for whoever guesses right.
    const { challenge, user, nonce } = (
      await house.call("recoveryStart", { request: { username: lin.name } })
    ).value
    const signed = recoveryBytes(await idOf(house), user, challenge, nonce)
    const guess = (signature: Uint8Array) =>
      house.call("recoveryFinish", { request: { challenge, signature } })
    expect((await guess(random(64))).refusal.kind).toBe("wrong_recovery_code")
    expect((await guess(ed25519.sign(signed, code))).refusal.kind).toBe("login_expired")
    expect([await works(lin.token), (await entered(lin.password))?.status]).toEqual([true, 200])
  })

  it("is guessed as rarely as a password", async () => {
    const strict = await openTestHouse({
      limits: {
        signInsPerMinuteAccount: limits.signInsPerMinuteAccount,
        signInsPerMinuteAddress: limits.signInsPerMinuteAddress,
        signInsPerMinuteName: limits.signInsPerMinuteName,
      },
    })
    try {
      const start = () => strict.call("recoveryStart", { request: { username: "somebody" } })
      for (let i = 0; i < limits.signInsPerMinuteAccount; i++) expect((await start()).status).toBe(200)
      expect((await start()).refusal.kind).toBe("rate_limited")
      const { begun } = await login(strict, "somebody", "a guess at the password")
      expect(begun.refusal.kind).toBe("rate_limited")
    } finally {
      await strict.remove()
    }
  })
})
