import type { TestDevice } from "@teahouse/judge/cases/world.fixture.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bind,
  idOf,
  keyPackageBytes,
  listen,
  login,
  makeDevice,
  openTestHouse,
  publish,
  random,
  register,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

let house: TestHouse
let now = Date.now()
beforeAll(async () => {
  house = await openTestHouse({ now: () => now })
})
afterAll(() => house.remove())

const signIn = async (who: TestPerson) => {
  const { entered } = await login(house, who.name, who.password)
  if (!entered?.value) throw new Error("not signed in")
  return entered.value.session
}
const another = async (who: TestPerson, more: Parameters<typeof makeDevice>[1] = {}) =>
  makeDevice(who.person, { house: await idOf(house), n: 1, ...more })
const devicesOf = async (who: TestPerson) =>
  (await house.call("listDevices", { token: who.token, params: { user: who.person.user } })).value.devices

describe("binding a device", () => {
  it("takes a new one with a fresh proof of the password, and the session speaks for it", async () => {
    const lin = await register(house, "lin")
    const phone = await another(lin)
    const session = await signIn(lin)
    expect((await bind(house, session, phone)).status).toBe(200)
    expect((await house.call("me", { token: session.token })).value.device).toBe(phone.device)
    expect((await devicesOf(lin)).map((one) => one.device)).toEqual([lin.device.device, phone.device])
    expect((await bind(house, session, phone)).status).toBe(200)
  })

  it("takes a known one again without that, with the key it has always had", async () => {
    const mei = await register(house, "mei")
    const session = await signIn(mei)
    now += 6 * 60_000
    expect((await bind(house, session, mei.device)).status).toBe(200)
    const sessionTwo = await signIn(mei)
    const impostor = await another(mei, { device: mei.device.device })
    expect((await bind(house, sessionTwo, impostor)).refusal.kind).toBe("id_taken")
    expect(await devicesOf(mei)).toEqual([
      {
        device: mei.device.device,
        certificate: mei.device.certificate,
        signatureKey: mei.device.signatureKey,
      },
    ])
  })

  it("refuses a new one on a proof that is older than five minutes", async () => {
    const old = await register(house, "old-proof")
    const session = await signIn(old)
    now += 5 * 60_000
    const answer = await bind(house, session, await another(old))
    expect([answer.status, answer.refusal.kind]).toEqual([403, "not_fresh"])
    expect(await devicesOf(old)).toHaveLength(1)
  })

  it("refuses a second device for one session, and somebody else's device", async () => {
    const [a, b] = [await register(house, "anna"), await register(house, "bert")]
    expect((await bind(house, a.session, await another(a))).refusal.kind).toBe("id_taken")
    const session = await signIn(a)
    const stolen = { ...(await another(a, { device: b.device.device })) }
    expect((await bind(house, session, stolen)).refusal.kind).toBe("id_taken")
    expect((await devicesOf(b))[0]?.signatureKey).toEqual(b.device.signatureKey)
  })

  it.each([
    "another house",
    "another identity key",
    "another generation",
    "another person",
    "a wrong signature",
  ])("refuses a certificate with %s", async (what) => {
    const who = await register(house, `cert${what.replace(/[^a-z]/g, "")}`)
    const other = await register(house, `other${what.replace(/[^a-z]/g, "")}`)
    const session = await signIn(who)
    const good = await another(who)
    const device =
      what === "another house"
        ? await another(who, { house: who.person.user })
        : what === "another identity key"
          ? await another({
              ...who,
              person: { ...who.person, uik: other.person.uik, uikPrivate: other.person.uikPrivate },
            })
          : what === "another generation"
            ? await another(who, { n: 2 })
            : what === "another person"
              ? await another(other)
              : { ...good, signKey: other.device.signKey }
    const answer = await bind(
      house,
      session,
      what === "another house" ? { ...device, house: await idOf(house) } : device,
    )
    expect([answer.status, answer.refusal.kind]).toEqual([400, "invalid_certificate"])
    expect(await devicesOf(who)).toHaveLength(1)
  })

  it("takes five new ones a day, and twenty in all", async () => {
    const many = await register(house, "many")
    const kinds = []
    for (let i = 0; i < 5; i++)
      kinds.push((await bind(house, await signIn(many), await another(many))).status)
    expect(kinds).toEqual([200, 200, 200, 200, 429])
    for (let count = 5; count < 20; count++) {
      if (count % 5 === 0) now += 86_400_001
      expect((await bind(house, await signIn(many), await another(many))).status).toBe(200)
    }
    now += 86_400_001
    const answer = await bind(house, await signIn(many), await another(many))
    expect([answer.status, answer.refusal.kind]).toEqual([403, "too_many_devices"])
    expect((await bind(house, await signIn(many), many.device)).status).toBe(200)
  })
})

describe("other people's devices", () => {
  it("are not shown to strangers, and somebody who does not exist is answered alike", async () => {
    const [a, b] = [await register(house, "stranger1"), await register(house, "stranger2")]
    for (const user of [b.person.user, a.device.device])
      for (const name of ["listDevices", "claimKeyPackages", "readProfile"] as const) {
        const answer = await house.call(name, {
          token: a.token,
          params: { user } as never,
          request: {} as never,
        })
        expect([answer.status, answer.refusal]).toEqual([403, { kind: "not_friends" }])
      }
  })
})

describe("key packages", () => {
  it("are handed out once each, then the last-resort one, to one's own other devices", async () => {
    now = Date.now()
    const ming = await register(house, "ming")
    const { oneTime, lastResort } = await publish(house, ming, 2)
    const session = await signIn(ming)
    const phone = await another(ming)
    await bind(house, session, phone)
    const claim = async () =>
      (
        await house.call("claimKeyPackages", {
          token: session.token,
          params: { user: ming.person.user },
          request: {},
        })
      ).value.packages
    const given = [await claim(), await claim(), await claim(), await claim()].map((packages) => {
      expect(packages).toHaveLength(1)
      expect(packages[0]?.device).toBe(ming.device.device)
      return packages[0]
    })
    expect(new Set(given.slice(0, 2).map((one) => String(one?.keyPackage)))).toEqual(
      new Set(oneTime.map((bytes) => String(bytes))),
    )
    expect(given.map((one) => one?.lastResort)).toEqual([false, false, true, true])
    expect(given[2]?.keyPackage).toEqual(lastResort)

    const again = await house.call("publishKeyPackages", { token: ming.token, request: { oneTime } })
    expect(again.value.oneTime).toBe(0)
    const counted = await house.call("countKeyPackages", { token: ming.token })
    expect(counted.value).toEqual({ oneTime: 0, lastResortSince: expect.any(Number) })
  })

  it("are handed out once each under many claims at the same moment", async () => {
    const who = await register(house, "busy")
    await publish(house, who, 10)
    const session = await signIn(who)
    await bind(house, session, await another(who))
    const claims = await Promise.all(
      Array.from({ length: 16 }, () =>
        house.call("claimKeyPackages", {
          token: session.token,
          params: { user: who.person.user },
          request: {},
        }),
      ),
    )
    const given = claims.map((answer) => answer.value.packages[0])
    const oneTime = given.filter((one) => one && !one.lastResort).map((one) => String(one?.keyPackage))
    expect(oneTime).toHaveLength(10)
    expect(new Set(oneTime).size).toBe(10)
    expect(given.filter((one) => one?.lastResort)).toHaveLength(6)
  })

  it("are judged before they are taken: all of them or none", async () => {
    const [a, b] = [await register(house, "giver"), await register(house, "other-giver")]
    const good = await keyPackageBytes(a.device)
    const damaged = good.slice()
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1
    for (const bad of [
      await keyPackageBytes(b.device),
      await keyPackageBytes(a.device, 400),
      damaged,
      random(100),
      new Uint8Array([...good, 0]),
    ]) {
      const answer = await house.call("publishKeyPackages", {
        token: a.token,
        request: { oneTime: [good, bad] },
      })
      expect([answer.status, answer.refusal.kind]).toEqual([400, "invalid_key_package"])
    }
    expect((await house.call("countKeyPackages", { token: a.token })).value).toEqual({
      oneTime: 0,
      lastResortSince: null,
    })
  })

  it("are gone when their time is over", async () => {
    const who = await register(house, "late")
    await publish(house, who, 1)
    now += 61 * 86_400_000
    expect((await house.call("countKeyPackages", { token: who.token })).value.oneTime).toBe(0)
    now -= 61 * 86_400_000
  })
})

describe("welcomes", () => {
  it("are none for a new device, and acknowledging strange ones is harmless", async () => {
    const who = await register(house, "unwelcome")
    expect((await house.call("listWelcomes", { token: who.token })).value).toEqual({
      welcomes: [],
      more: false,
    })
    const ids = [who.person.user]
    expect((await house.call("ackWelcomes", { token: who.token, request: { ids } })).status).toBe(200)
  })
})

describe("revoking a device", () => {
  const revocation = async (who: TestPerson, device = who.device.device, signer = who) => {
    const said = revocationBytes(await idOf(house), who.person.user, device)
    return (await suite()).signature.sign(signer.person.uikPrivate, said)
  }
  const revoke = async (who: TestPerson, token: Uint8Array, signature: Uint8Array, device?: TestDevice) =>
    house.call("revokeDevice", {
      token,
      params: { device: (device ?? who.device).device },
      request: { signature },
    })

  it("ends its sessions, closes its socket and takes what it can be reached by; its row is seen by nobody else", async () => {
    now = Date.now()
    const jia = await register(house, "jia-revokes")
    await publish(house, jia, 2)
    const phone = await another(jia)
    const session = await signIn(jia)
    await bind(house, session, phone)
    const socket = await listen(house, jia)
    const proof = await signIn(jia)
    expect((await revoke(jia, proof.token, await revocation(jia))).status).toBe(200)
    await expect.poll(socket.closed).toBe(1008)
    expect((await house.call("me", { token: jia.token })).refusal.kind).toBe("device_revoked")
    await expect(listen(house, jia)).rejects.toThrow("closed")
    const own = await house.call("ownDevices", { token: session.token })
    expect(own.value.devices.map((one) => one.device)).toEqual([phone.device])
    expect(own.value.revoked).toEqual([{ device: jia.device.device, signature: await revocation(jia) }])
    const listed = await house.call("listDevices", {
      token: session.token,
      params: { user: jia.person.user },
    })
    expect(listed.value.devices.map((one) => one.device)).toEqual([phone.device])
    const claimed = await house.call("claimKeyPackages", {
      token: session.token,
      params: { user: jia.person.user },
      request: {},
    })
    expect(claimed.value.packages).toEqual([])
    // Once more is harmless; coming back as itself is not possible, by whatever proof.
    expect((await revoke(jia, proof.token, await revocation(jia))).status).toBe(200)
    expect((await bind(house, await signIn(jia), jia.device)).refusal.kind).toBe("device_revoked")
  })

  it("is refused without a fresh proof, without the account's signature, and for others' devices", async () => {
    now = Date.now()
    const [yi, bing] = [await register(house, "yi-revokes"), await register(house, "bing-revokes")]
    const phone = await another(yi)
    expect((await bind(house, await signIn(yi), phone)).status).toBe(200)
    const kind = async (given: ReturnType<typeof revoke>) => (await given).refusal?.kind
    const proof = await signIn(yi)
    expect(await kind(revoke(yi, proof.token, await revocation(yi, phone.device)))).toBe(
      "invalid_certificate",
    )
    expect(await kind(revoke(yi, proof.token, await revocation(yi, yi.device.device, bing)))).toBe(
      "invalid_certificate",
    )
    const theirs = await revocation(yi, bing.device.device)
    expect(await kind(revoke(yi, proof.token, theirs, bing.device))).toBe("unknown_device")
    now += 6 * 60_000
    expect(await kind(revoke(yi, proof.token, await revocation(yi)))).toBe("not_fresh")
    expect((await house.call("me", { token: yi.token })).status).toBe(200)
    expect((await house.call("me", { token: bing.token })).status).toBe(200)
    expect(await devicesOf(yi)).toHaveLength(2)
  })
})

describe("when a device was last here", () => {
  it("is now while its socket is open, and then the moment when it went", async () => {
    now = Date.now()
    const ding = await register(house, "ding-seen")
    const phone = await another(ding)
    const session = await signIn(ding)
    await bind(house, session, phone)
    const seen = async () => {
      const own = await house.call("ownDevices", { token: ding.token })
      return own.value.devices.find((one) => one.device === phone.device)?.seen
    }
    expect(await seen()).toBe(0)
    const socket = await listen(house, { session, device: phone })
    expect(await seen()).toBe(null)
    now += 120_000
    socket.close()
    await expect.poll(seen).toBe(now)
  })
})
