/** An id whose account was deleted is in others' rooms still: nobody else ever gets it (SECURITY R1). */
import { device, groupInfoOf, openRoom, person } from "@teahouse/judge/cases/world.fixture.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import {
  finishRequest,
  idOf,
  openTestHouse,
  random,
  register,
  registration,
  type TestHouse,
} from "../http/house.fixture.ts"

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.remove())

test("who takes the id of a deleted account for a new one is refused, under whatever name", async () => {
  const lin = await register(house, "lin")
  const room = newId(random)
  const { mls } = await openRoom(lin.device, room, groupPolicy(lin.person.user))
  const request = { room, n: 1, opening: await groupInfoOf(mls) }
  expect((await house.call("createRoom", { token: lin.token, request })).status).toBe(200)
  expect((await house.call("deleteAccount", { token: lin.token, request: {} })).status).toBe(200)

  const twin = await person("mei", lin.person.user)
  const theirs = await device(twin, { house: await idOf(house), n: 1 })
  const { record } = await registration(house, "mei", "mei likes oolong", twin.user)
  if (record === undefined) throw new Error("the registration could not begin")
  const done = await house.call("registerFinish", { request: finishRequest("mei", twin, theirs, record) })
  expect(done.refusal?.kind).toBe("id_taken")
  await register(house, "mei")
})
