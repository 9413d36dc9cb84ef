/** Large bodies that are begun and not finished: bounded for each device, and given back however a request ends. */
import { once } from "node:events"
import { type ClientRequest, request as httpRequest } from "node:http"
import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { expect, it } from "vitest"
import { openTestHouse, random, register } from "./house.fixture.ts"
import { UnderWay } from "./under-way.ts"

it("counts by key, lets one alone pass, and forgets what is over", () => {
  const bytes = new UnderWay(100)
  const large = bytes.begin("a", 500)
  expect(bytes.begin("a", 1)).toBeUndefined()
  expect(bytes.begin("b", 1)).toBeDefined()
  large?.()
  large?.()
  const [one, two] = [bytes.begin("a", 60), bytes.begin("a", 40)]
  expect(bytes.begin("a", 1)).toBeUndefined()
  one?.()
  expect(bytes.begin("a", 61)).toBeUndefined()
  const three = bytes.begin("a", 60)
  expect(three).toBeDefined()
  for (const end of [two, three]) end?.()
  expect(bytes.size).toBe(1)
})

it("a device that has begun so much waits until some of it is over", async () => {
  const house = await openTestHouse({ limits: { deviceBodyBytes: 1000 } })
  const lin = await register(house, "lin")
  const room = newId(random)
  const { mls } = await openRoom(lin.device, room, groupPolicy(lin.person.user))
  const opening = { room, n: 1, opening: await groupInfoOf(mls) }
  await house.call("createRoom", { token: lin.token, request: opening })
  const path = `/api/history/${room}/1/0`
  const begun = async (length: number): Promise<ClientRequest> => {
    const request = httpRequest(house.url + path, {
      method: "PUT",
      headers: {
        authorization: `Bearer ${toBase64url(lin.token)}`,
        "content-type": "application/json",
        "content-length": length,
      },
    })
    request.on("error", () => {})
    request.on("response", () => request.destroy())
    request.write("{")
    await once(request, "socket")
    return request
  }
  let number = 0
  const write = async () => {
    const params = { room, incarnation: 1, number: number++ }
    const request = { version: 1, generation: 1, sealed: random(300) }
    const answer = await house.call("writeHistory", { token: lin.token, params, request })
    return answer.status === 200 ? "ok" : answer.refusal.kind
  }
  let one = await begun(800)
  // Either of the two may come first, and then it is the other that has to wait.
  await expect
    .poll(async () => {
      if (!one.destroyed) return write()
      one = await begun(800)
      return "begun again"
    })
    .toBe("rate_limited")
  expect((await house.call("listHistory", { token: lin.token, request: { since: 0 } })).status).toBe(200)
  one.destroy()
  await expect.poll(write).toBe("ok")
  for (let i = 0; i < 5; i++) {
    const refused = await house.raw({ method: "PUT", path, headers: { authorization: "no" }, body: "{}" })
    expect(refused.status).toBe(401)
  }
  expect(await write()).toBe("ok")
  await house.remove()
})
