import type { TestDevice } from "@teahouse/judge/cases/world.fixture.ts"
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
  revocationOf,
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
    expect((await devicesOf(lin)).map((one) => one.device).sort()).toEqual(
      [lin.device.device, phone.device].sort(),
    )
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
  type Request = Awaited<ReturnType<typeof revocationOf>>
  const revoke = (token: Uint8Array, request: Request) => house.call("revokeDevices", { token, request })
  /** A person with a phone, and a fresh proof of the password. */
  const two = async (name: string) => {
    now = Date.now()
    const who = await register(house, name)
    const phone = await another(who)
    const session = await signIn(who)
    expect((await bind(house, session, phone)).status).toBe(200)
    return { who, phone, session, proof: await signIn(who) }
  }
  const generationOf = async (token: Uint8Array) => (await house.call("me", { token })).value.generation

  it("ends its sessions, closes its socket and takes what it can be reached by; its row is seen by nobody else", async () => {
    const { who: jia, phone, session, proof } = await two("jia-revokes")
    await publish(house, jia, 2)
    const socket = await listen(house, jia)
    const request = await revocationOf(house, jia, jia.device.device, { staying: [phone] })
    expect((await revoke(proof.token, request)).status).toBe(200)
    await expect.poll(socket.closed).toBe(1008)
    expect((await house.call("me", { token: jia.token })).refusal.kind).toBe("device_revoked")
    await expect(listen(house, jia)).rejects.toThrow("closed")
    const own = await house.call("ownDevices", { token: session.token })
    expect(own.value.devices.map((one) => one.device)).toEqual([phone.device])
    const params = { user: jia.person.user }
    const listed = await house.call("listDevices", { token: session.token, params })
    expect(listed.value.devices.map((one) => one.device)).toEqual([phone.device])
    const claimed = await house.call("claimKeyPackages", { token: session.token, params, request: {} })
    expect(claimed.value.packages).toEqual([])
    // Coming back as itself is not possible, by whatever proof.
    const renewed = await another(jia, { ...jia.device, n: 2 })
    expect((await bind(house, await signIn(jia), renewed)).refusal.kind).toBe("device_revoked")
    expect((await bind(house, await signIn(jia), jia.device)).refusal.kind).toBe("invalid_certificate")
  })

  it("begins the account's next generation: key, number and the certificates of those that stay", async () => {
    const { who: ling, phone, session, proof } = await two("ling-revokes")
    const request = await revocationOf(house, ling, phone.device, { staying: [ling.device] })
    expect((await revoke(proof.token, request)).status).toBe(200)
    expect((await house.call("me", { token: session.token })).refusal.kind).toBe("device_revoked")
    expect(await generationOf(ling.token)).toBe(2)
    const { entered } = await login(house, ling.name, ling.password)
    expect(entered?.value.generation).toBe(2)
    expect(entered?.value.accountKeys.map((key) => key.generation)).toEqual([1, 2])
    expect(entered?.value.accountKeys[1]).toEqual(request.accountKey)
    expect((await devicesOf(ling)).map((one) => one.certificate)).toEqual([
      request.certificates[0]?.certificate,
    ])
    // A device of the generation before is none that could be bound.
    expect((await bind(house, await signIn(ling), await another(ling))).refusal.kind).toBe(
      "invalid_certificate",
    )
    expect((await bind(house, await signIn(ling), await another(ling, { n: 2 }))).status).toBe(200)
  })

  it("changes nothing the second time, and nothing where the account is another than was thought", async () => {
    const { who: rui, phone, proof } = await two("rui-revokes")
    const kind = async (request: Request) => (await revoke(proof.token, request)).refusal?.kind
    const of = (more: Parameters<typeof revocationOf>[3]) => revocationOf(house, rui, phone.device, more)
    const third = await another(rui)
    const conflicts = [
      await of({ staying: [] }),
      await of({ staying: [rui.device, rui.device] }),
      await of({ staying: [rui.device, phone] }),
      await of({ staying: [rui.device], n: 1 }),
      await of({ staying: [rui.device], n: 3 }),
    ]
    for (const request of conflicts) expect(await kind(request)).toBe("version_conflict")
    const asked = await of({ staying: [rui.device] })
    expect((await bind(house, await signIn(rui), third)).status).toBe(200)
    expect(await kind(asked)).toBe("version_conflict")
    expect(await generationOf(rui.token)).toBe(1)
    expect(await devicesOf(rui)).toHaveLength(3)

    const right = await of({ staying: [third, rui.device] })
    expect(await kind(right)).toBeUndefined()
    expect(await kind(right)).toBeUndefined()
    expect(await kind(await of({ staying: [third, rui.device], n: 3 }))).toBe("version_conflict")
    expect(await generationOf(rui.token)).toBe(2)
    expect(await devicesOf(rui)).toHaveLength(2)
  })

  it("takes all of several, or none", async () => {
    const { who: fei, phone, proof } = await two("fei-revokes")
    const third = await another(fei)
    expect((await bind(house, await signIn(fei), third)).status).toBe(200)
    const of = async (...devices: TestDevice[]) => {
      const staying = [fei.device, phone, third].filter((one) => !devices.includes(one))
      const each = devices.map((one) => revocationOf(house, fei, one.device, { staying }))
      const all = await Promise.all(each)
      return { ...(all[0] as Request), revocations: all.flatMap((one) => one.revocations) }
    }
    const kind = async (request: Request) => (await revoke(proof.token, request)).refusal?.kind
    const twice = await of(phone)
    expect(await kind({ ...twice, revocations: [...twice.revocations, ...twice.revocations] })).toBe(
      "version_conflict",
    )
    const strange = await register(house, "strange-fei")
    const mixed = await of(phone, third)
    const theirs = (await revocationOf(house, fei, strange.device.device, { staying: [] })).revocations
    expect(await kind({ ...mixed, revocations: [...mixed.revocations, ...theirs] })).toBe("unknown_device")
    expect(await devicesOf(fei)).toHaveLength(3)
    expect(await kind(mixed)).toBeUndefined()
    expect(await devicesOf(fei)).toHaveLength(1)
    expect(await generationOf(fei.token)).toBe(2)
    expect(await kind(mixed)).toBeUndefined()
  })

  it("is refused with a certificate that is not of the account, the device and the generation", async () => {
    const { who: shu, phone, proof } = await two("shu-revokes")
    const other = await register(house, "other-shu")
    const good = await revocationOf(house, shu, phone.device, { staying: [shu.device] })
    const with_ = async (device: TestDevice | undefined, named = shu.device.device) => {
      const certificate = device?.certificate ?? random(160)
      return (await revoke(proof.token, { ...good, certificates: [{ device: named, certificate }] })).refusal
        .kind
    }
    const { device } = shu.device
    const bad = [
      await with_(await another(shu, { ...shu.device, n: 1 })),
      await with_(await another(shu, { ...shu.device, n: 3 })),
      await with_(await another(shu, { device, n: 2 })),
      await with_(await another({ ...shu, person: other.person }, { ...shu.device, n: 2 })),
      await with_(await another(shu, { n: 2 }), device),
      await with_(await another(other, { ...other.device, n: 2 }), other.device.device),
      await with_(undefined),
    ]
    expect(new Set(bad)).toEqual(new Set(["invalid_certificate"]))
    expect(await generationOf(shu.token)).toBe(1)
    expect(await devicesOf(shu)).toHaveLength(2)
  })

  it("is refused without a fresh proof, without the account's signature, and for others' devices", async () => {
    const { who: yi, phone, proof } = await two("yi-revokes")
    const bing = await register(house, "bing-revokes")
    const kind = async (request: Request) => (await revoke(proof.token, request)).refusal?.kind
    const of = (device: TestDevice, signer = yi) =>
      revocationOf(house, yi, device.device, { staying: [phone], signer })
    const [signed] = (await of(phone)).revocations
    const elsewhere = [{ device: yi.device.device, signature: signed?.signature ?? random(64) }]
    expect(await kind({ ...(await of(yi.device)), revocations: elsewhere })).toBe("invalid_certificate")
    expect(await kind(await of(yi.device, bing))).toBe("invalid_certificate")
    expect(await kind(await of(bing.device))).toBe("unknown_device")
    now += 6 * 60_000
    expect(await kind(await of(yi.device))).toBe("not_fresh")
    expect((await house.call("me", { token: yi.token })).status).toBe(200)
    expect((await house.call("me", { token: bing.token })).status).toBe(200)
    expect(await devicesOf(yi)).toHaveLength(2)
  })
})

describe("key packages of a renewed certificate", () => {
  it("take the place of all that lay there", async () => {
    now = Date.now()
    const wen = await register(house, "wen-renews")
    await publish(house, wen, 3)
    const oneTime = [await keyPackageBytes(wen.device)]
    const lastResort = await keyPackageBytes(wen.device, 180)
    const { token } = wen
    const replaced = await house.call("publishKeyPackages", {
      token,
      request: { oneTime, lastResort, replace: true },
    })
    expect(replaced.value.oneTime).toBe(1)
    const session = await signIn(wen)
    await bind(house, session, await another(wen))
    const claim = async () =>
      (
        await house.call("claimKeyPackages", {
          token: session.token,
          params: { user: wen.person.user },
          request: {},
        })
      ).value.packages[0]?.keyPackage
    expect([await claim(), await claim()]).toEqual([oneTime[0], lastResort])
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
