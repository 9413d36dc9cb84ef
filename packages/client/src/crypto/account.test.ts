import { client, ready, server } from "@serenity-kit/opaque"
import { concat, u32, utf8 } from "@teahouse/protocol/bytes.ts"
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { hpkeSeal } from "./hpke.ts"
import { createCrypto, mlsCrypto } from "./mls-crypto.ts"
import { padme } from "./padding.ts"
import { STRETCHING } from "./password.ts"
import { deviceOf, id, keyPackageOf, must, person } from "./people.fixture.ts"
import type { Stretching } from "./port.ts"

const { account, sealed, device, password } = mlsCrypto
const unreadable = { ok: false, error: "unreadable" }

describe("account keys", () => {
  test("root, UIK, vault key and AMK generations come back from what the server stores, by password and by code", async () => {
    const user = id()
    const keys = await account.newAccount()
    const exportKey = sealed.randomBytes(64)
    const code = account.newRecoveryCode()
    const recovery = must(await account.recoveryFrom(code, user))
    const stored = {
      keys: await account.sealKeys(keys, user),
      byPassword: await account.wrapRoot(keys.root, exportKey, user),
      byRecovery: await account.wrapRootForRecovery(keys.root, recovery, user),
      amk: await account.sealAmk(keys, user, await account.newAmk(keys, user, 4)),
    }
    const root = must(await account.unwrapRoot(stored.byPassword, exportKey, user))
    expect(root).toEqual(keys.root)
    const again = must(await account.recoveryFrom(code.toLowerCase().replaceAll("-", " "), user))
    expect(must(await account.unwrapRootByRecovery(stored.byRecovery, again, user))).toEqual(keys.root)
    expect(again.signIn.publicKey).toEqual(recovery.signIn.publicKey)
    const opened = must(await account.openKeys(root, user, stored.keys))
    expect(opened).toEqual(keys)
    expect(must(await account.openAmk(opened, user, 4, stored.amk)).key.length).toBe(32)

    const other = id()
    expect(await account.unwrapRoot(stored.byPassword, exportKey, other)).toEqual(unreadable)
    expect(await account.unwrapRoot(stored.byRecovery, recovery.wrapKey, user)).toEqual(unreadable)
    expect(await account.openKeys(root, other, stored.keys)).toEqual(unreadable)
    expect(await account.openAmk(opened, user, 5, stored.amk)).toEqual(unreadable)
    const stranger = await account.newAccount()
    expect(await account.openAmk(stranger, user, 4, stored.amk)).toEqual(unreadable)
  })

  test("an AMK generation that the account did not sign is not opened, though anybody can seal to the vault key", async () => {
    const user = id()
    const keys = await account.newAccount()
    const stranger = await account.newAccount()
    const amk = await account.newAmk(keys, user, 2)
    const aad = concat(idBytes(user), u32(2))
    const bare = await hpkeSeal(keys.vault.publicKey, "account master key", aad, amk.key)
    expect(await account.openAmk(keys, user, 2, bare as Uint8Array)).toEqual(unreadable)
    const forged = await account.sealAmk({ ...stranger, vault: keys.vault }, user, amk)
    expect(await account.openAmk(keys, user, 2, forged)).toEqual(unreadable)
    const own = await account.sealAmk(keys, user, amk)
    expect(must(await account.openAmk(keys, user, 2, own))).toEqual(amk)

    const { publicKey: uik } = keys.uik
    expect(await account.verifyAmk(uik, user, amk)).toBe(true)
    const others = [
      await account.newAmk(stranger, user, 2),
      await account.newAmk(keys, id(), 2),
      { ...amk, generation: 3 },
      { ...amk, key: sealed.newKey() },
      { generation: amk.generation, key: amk.key },
    ]
    for (const other of others) expect(await account.verifyAmk(uik, user, other)).toBe(false)
  })

  test("a recovery code forgives look-alikes and notices a slip", async () => {
    const user = id()
    for (let i = 0; i < 20; i++) {
      const code = account.newRecoveryCode()
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/)
      const read = must(await account.recoveryFrom(code.replaceAll("0", "o").replaceAll("1", "l"), user))
      expect(read).toEqual(must(await account.recoveryFrom(code, user)))
    }
    const code = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
    for (const wrong of [code, code.slice(1), `${code}0`, "", "你好"]) {
      expect(await account.recoveryFrom(wrong, user)).toEqual({ ok: false, error: "malformed" })
    }
  })

  test("certificates and vault keys are signed by the UIK, each for its own user", async () => {
    const owner = await person("红茶")
    const made = await deviceOf(owner)
    const certificate = decodeCertificate(made.certificate)
    if (!certificate) throw new Error()
    expect(await verifyCertificate(certificate, made.signature.publicKey)).toBe(true)
    expect(await verifyCertificate(certificate, owner.keys.vault.publicKey)).toBe(false)
    const { uik, vault } = owner.keys
    const signature = await account.signVaultKey(owner.keys, owner.user)
    expect(await account.verifyVaultKey(uik.publicKey, owner.user, vault.publicKey, signature)).toBe(true)
    expect(await account.verifyVaultKey(uik.publicKey, id(), vault.publicKey, signature)).toBe(false)
  })

  test("the safety number is sixty digits, the same from both sides, and another for another key", async () => {
    const [a, b] = [await person("a1"), await person("b1")]
    const side = (p: typeof a) => ({ user: p.user, uik: p.keys.uik.publicKey })
    const number = account.safetyNumber(side(a), side(b))
    expect(number).toMatch(/^(\d{5} ){11}\d{5}$/)
    expect(account.safetyNumber(side(b), side(a))).toBe(number)
    const changed = { ...side(b), uik: (await person("b2")).keys.uik.publicKey }
    expect(account.safetyNumber(side(a), changed)).not.toBe(number)
  })
})

describe("sealing", () => {
  test("a record opens in its own place only", async () => {
    const user = id()
    const whose = await account.newAccount()
    const keys = await account.amkKeys(await account.newAmk(whose, user, 1))
    const record = await sealed.notebookId(keys, "read positions")
    expect(record.length).toBe(32)
    const place = { user, record, version: 7 }
    const bytes = await sealed.sealNotebook(keys, place, utf8("x"))
    expect(must(await sealed.openNotebook(keys, place, bytes))).toEqual(utf8("x"))
    const elsewhere = [
      { ...place, version: 6 },
      { ...place, user: id() },
      { ...place, record: await sealed.notebookId(keys, "other") },
    ]
    for (const at of elsewhere) expect(await sealed.openNotebook(keys, at, bytes)).toEqual(unreadable)
    const newer = await account.amkKeys(await account.newAmk(whose, user, 2))
    expect(await sealed.openNotebook(newer, place, bytes)).toEqual(unreadable)
    const room = { user, room: id(), incarnation: 1, number: 3, version: 1 }
    const segment = await sealed.sealHistory(keys, room, utf8("h"))
    expect(must(await sealed.openHistory(keys, room, segment))).toEqual(utf8("h"))
    expect(await sealed.openHistory(keys, { ...room, number: 4 }, segment)).toEqual(unreadable)
  })

  test("every flipped bit and every cut is noticed", async () => {
    const key = sealed.newKey()
    const bytes = await sealed.seal(key, utf8("aad"), utf8("text"))
    for (let i = 0; i < bytes.length; i++) {
      const broken = bytes.slice()
      broken[i] = (broken[i] ?? 0) ^ 1
      expect(await sealed.open(key, utf8("aad"), broken)).toEqual(unreadable)
      expect(await sealed.open(key, utf8("aad"), bytes.slice(0, i))).toEqual(unreadable)
    }
    expect(await sealed.open(key, utf8("AAD"), bytes)).toEqual(unreadable)
  })

  test("the first line of a request opens with the key package it was sealed to", async () => {
    const [mine, other] = [
      await keyPackageOf(await deviceOf(await person("bob"))),
      await keyPackageOf(await deviceOf(await person("eve"))),
    ]
    const line = must(await device.sealToKeyPackage(mine.bytes, utf8("place"), utf8("可以加个好友吗？")))
    expect(must(await device.openWithKeyPackage(mine.secret, utf8("place"), line))).toEqual(
      utf8("可以加个好友吗？"),
    )
    expect(await device.openWithKeyPackage(other.secret, utf8("place"), line)).toEqual(unreadable)
    expect(await device.openWithKeyPackage(mine.secret, utf8("elsewhere"), line)).toEqual(unreadable)
    expect((await device.sealToKeyPackage(mine.bytes.slice(1), utf8("place"), line)).ok).toBe(false)
  })

  test("Padmé: monotone, at least as long, at most 12 % more, few distinct lengths", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 20 }), (n) => {
        const padded = padme(n)
        expect(padded).toBeGreaterThanOrEqual(n)
        if (n > 256) expect(padded).toBeLessThanOrEqual(n * 1.12)
        expect(padme(n + 1)).toBeGreaterThanOrEqual(padded)
        expect(padme(padded)).toBe(padded)
      }),
    )
  })
})

describe("passwords", () => {
  test("OpaqueString: spaces and composition are one, ignorable and control characters are none", () => {
    expect(password.prepare("a\u3000b")).toEqual({ ok: true, value: "a b" })
    expect(password.prepare("e\u0301clair")).toEqual({ ok: true, value: "\u00e9clair" })
    expect(password.prepare("ＡＢ")).toEqual({ ok: true, value: "ＡＢ" })
    expect(password.prepare("茶馆 ☕ №5")).toMatchObject({ ok: true })
    expect(password.prepare("")).toEqual({ ok: false, error: "empty" })
    for (const bad of ["a\tb", "a\u200db", "\ud800", "\ue000", "\u1100"]) {
      expect(password.prepare(bad)).toEqual({ ok: false, error: "forbidden_character" })
    }
  })

  test.each([
    ["short", "too_short"],
    ["长".repeat(400), "too_long"],
    ["password1", "too_easy"],
    ["P4ssw0rd!", "too_easy"],
    ["12345678", "too_easy"],
    ["qwertyuiop", "too_easy"],
    ["aaaaaaaaaa", "too_easy"],
    ["abcabcabc", "too_easy"],
    ["20251122", "too_easy"],
    ["lilei1234", "too_easy"],
  ])("refuses %.20j: %s", (text, reason) => {
    expect(password.judge(text, ["lilei"])).toEqual({ ok: false, error: reason })
  })

  test.each(["correct horse battery", "tr0ub4dor&3", "一壶浊酒喜相逢啊", "Xk9#mQ2z", "mei-you-mi-ma"])(
    "takes %j",
    (text) => {
      expect(password.judge(text, ["lilei"])).toEqual({ ok: true, value: undefined })
    },
  )

  test("OPAQUE: register, sign in, wrong password, other user, other stretching, weak stretching", async () => {
    const cheap: Stretching = { iterations: 1, memory: 8, parallelism: 1 }
    const { password: opaque } = createCrypto(cheap)
    await ready
    const serverSetup = server.createSetup()
    const user = id()
    const start = await opaque.startRegistration("correct horse")
    const { registrationResponse } = server.createRegistrationResponse({
      serverSetup,
      userIdentifier: user,
      registrationRequest: start.request,
    })
    const common = { user, stretching: cheap }
    const finish = { prepared: "correct horse", state: start.state, response: registrationResponse }
    const registered = must(await opaque.finishRegistration({ ...finish, ...common }))
    expect(registered.exportKey.length).toBe(64)
    expect(await opaque.finishRegistration({ ...finish, ...common, response: "AAAA" })).toEqual({
      ok: false,
      error: "bad_response",
    })

    const login = async (prepared: string, as = user, stretching = cheap, crypto = opaque) => {
      const begun = await crypto.startLogin(prepared)
      const identifiers = { client: user }
      const { loginResponse, serverLoginState } = server.startLogin({
        serverSetup,
        registrationRecord: registered.record,
        startLoginRequest: begun.request,
        userIdentifier: user,
        identifiers,
      })
      const done = await crypto.finishLogin({
        prepared,
        state: begun.state,
        response: loginResponse,
        user: as,
        stretching,
      })
      if (!done.ok) return done.error
      const { sessionKey } = server.finishLogin({
        serverLoginState,
        finishLoginRequest: done.value.finish,
        identifiers,
      })
      expect(sessionKey.length).toBeGreaterThan(40)
      expect(done.value.serverKey).toBe(server.getPublicKey(serverSetup))
      expect(done.value.exportKey).toEqual(registered.exportKey)
      return "in"
    }
    expect(await login("correct horse")).toBe("in")
    expect(await login("correct horsf")).toBe("wrong_password")
    expect(await login("correct horse", id())).toBe("wrong_password")
    expect(await login("correct horse", user, { ...cheap, iterations: 2 })).toBe("wrong_password")
    expect(await login("correct horse", user, cheap, mlsCrypto.password)).toBe("weak_stretching")
    expect(STRETCHING.memory).toBe(65_536)
    expect(typeof client.startLogin).toBe("function")
  })
})
