/** What costs the house much is counted before it costs anything, and nobody is locked out by strangers. */
import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { afterEach, describe, expect, it } from "vitest"
import { openTestHouse, publish, random, register, type TestHouse, type TestPerson } from "./house.fixture.ts"
import { createRates } from "./rates.ts"

let house: TestHouse | undefined
afterEach(async () => {
  await house?.remove()
  house = undefined
})
const now = Date.now()
const open = async (more: Partial<typeof limits> | object) => {
  house = await openTestHouse({ now: () => now, limits: more })
  return house
}
const raw = (to: TestHouse, who: TestPerson, path: string, body: string) =>
  to.raw({
    method: "POST",
    path,
    headers: { authorization: `Bearer ${toBase64url(who.token)}`, "content-type": "application/json" },
    body,
  })

describe("heavy requests", () => {
  it("are counted for each device and route, before anybody reads what they say", async () => {
    const at = await open({ heavyPerMinute: 1, heavyBurst: 2 })
    const lin = await register(at, "lin")
    const mei = await register(at, "mei")
    for (const path of ["/api/key-packages", "/api/rooms", "/api/contacts/requests", "/api/devices/revoke"]) {
      const answers = []
      for (let i = 0; i < 3; i++) answers.push((await raw(at, lin, path, "no JSON")).status)
      expect([path, answers]).toEqual([path, [400, 400, 429]])
      expect((await raw(at, mei, path, "no JSON")).status).toBe(400)
    }
  })

  it("and so is fetching key packages", async () => {
    const at = await open({ claimsPerMinute: 1, claimBurst: 2 })
    const lin = await register(at, "lin")
    const claim = () =>
      at.call("claimKeyPackages", { token: lin.token, params: { user: lin.person.user }, request: {} })
    expect([(await claim()).status, (await claim()).status]).toEqual([200, 200])
    const { refusal } = await claim()
    expect([refusal.kind, refusal.retryAfterMs]).toEqual(["rate_limited", 60_000])
  })

  it("a commit is not read from who has nothing to do with the room", async () => {
    const at = await open({})
    const lin = await register(at, "lin")
    const answer = await raw(at, lin, `/api/rooms/${newId(random)}/commits`, "no JSON")
    expect([answer.status, JSON.parse(answer.text)]).toEqual([404, { kind: "unknown_room" }])
  })

  it("key packages beyond those that are kept are not judged", async () => {
    const at = await open({ oneTimeKeyPackages: 2 })
    const lin = await register(at, "lin")
    const { oneTime, lastResort } = await publish(at, lin)
    const more = [...oneTime, random(300)]
    const published = await at.call("publishKeyPackages", {
      token: lin.token,
      request: { oneTime: more, lastResort },
    })
    expect(published.value).toEqual({ oneTime: 2 })
  })

  it("so many rooms a day and no more; the same one again is no new one", async () => {
    const at = await open({ roomsPerDay: 2 })
    const lin = await register(at, "lin")
    const create = async () => {
      const room = newId(random)
      const { mls } = await openRoom(lin.device, room, groupPolicy(lin.person.user))
      return { room, n: 1, opening: await groupInfoOf(mls) }
    }
    const requests = [await create(), await create(), await create()]
    const answers = []
    for (const request of [...requests, requests[0] as (typeof requests)[0]])
      answers.push((await at.call("createRoom", { token: lin.token, request })).status)
    expect(answers).toEqual([200, 200, 429, 200])
  })
})

describe("history", () => {
  it("is written and read at the pace of a new device, each device for itself, and a look costs a read", () => {
    let at = now
    const rates = createRates(limits, () => at)
    const times = (count: number, name: Parameters<typeof rates.route>[1], device = "desk") =>
      Array.from({ length: count }, () => rates.route(device, name)).filter((one) => !one).length
    expect(times(100, "writeHistory")).toBe(60)
    expect(times(500, "readHistory")).toBe(400)
    expect([times(1, "dropHistory"), times(1, "listHistory")]).toEqual([0, 0])
    expect(rates.route("desk", "writeHistory")).toMatchObject({ kind: "rate_limited", retryAfterMs: 500 })
    expect([times(1, "writeHistory", "phone"), times(1, "readHistory", "phone")]).toEqual([1, 1])
    at += 1000
    expect([times(10, "writeHistory"), times(100, "readHistory")]).toEqual([2, 50])
  })

  it("is not read from who is too fast", async () => {
    const at = await open({ historyWritesPerSecond: 1, historyWriteBurst: 1 })
    const lin = await register(at, "lin")
    const drop = () => at.call("dropHistory", { token: lin.token, params: { room: newId(random) } })
    expect([(await drop()).status, (await drop()).status]).toEqual([200, 429])
  })

  it("nor from who has nothing to do with the room", async () => {
    const at = await open({})
    const lin = await register(at, "lin")
    const answer = await at.raw({
      method: "PUT",
      path: `/api/history/${newId(random)}/1/0`,
      headers: { authorization: `Bearer ${toBase64url(lin.token)}`, "content-type": "application/json" },
      body: "no JSON",
    })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([404, { kind: "unknown_room" }])
  })
})

describe("guesses at a password", () => {
  const strict = () => createRates({ ...limits, signInsPerMinuteAddress: 1000 }, () => now)

  it("by a stranger do not keep the owner out", () => {
    const rates = strict()
    for (let i = 0; i < 5; i++) expect(rates.signIn("192.0.2.1", "lin")).toBeUndefined()
    expect(rates.signIn("192.0.2.1", "lin")?.kind).toBe("rate_limited")
    expect(rates.signIn("198.51.100.7", "lin")).toBeUndefined()
    expect(rates.signIn("192.0.2.1", "mei")).toBeUndefined()
  })

  it("by many strangers are bounded all the same", () => {
    const rates = strict()
    const answers = Array.from({ length: 61 }, (_, i) => rates.signIn(`192.0.2.${i}`, "lin")?.kind ?? "ok")
    expect(answers.filter((one) => one === "ok")).toHaveLength(60)
  })

  it("registering counts by address alone, at both ends", () => {
    const rates = createRates(limits, () => now)
    const count = (take: () => unknown) => Array.from({ length: 30 }, take).filter((one) => !one).length
    expect(count(() => rates.register("192.0.2.1"))).toBe(limits.signInsPerMinuteAddress)
    expect(count(() => rates.registered("192.0.2.1"))).toBe(limits.signInsPerMinuteAddress)
    expect(rates.register("198.51.100.7")).toBeUndefined()
    expect(rates.signIn("198.51.100.7", "lin")).toBeUndefined()
  })
})
