/** What the other devices are told: every change that an endpoint makes reaches those whom it concerns, over real sockets. */
import { afterAll, beforeAll, expect, it } from "vitest"
import {
  listen,
  openTestHouse,
  phoneOf,
  publish,
  random,
  register,
  revocationOf,
  type TestHouse,
} from "./house.fixture.ts"

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.remove())

it("one's own other devices hear of a new device, of the notebook, the profile and account keys; the acting one does not", async () => {
  const lin = await register(house, "lin")
  const desk = await listen(house, lin)
  const phone = await phoneOf(house, lin)
  await expect.poll(() => desk.hints).toEqual(["devices"])
  const pocket = await listen(house, phone)
  const { token } = phone
  const record = { id: random(32), version: 1, generation: 1, sealed: random(10) }
  await house.call("writeNotebook", { token, request: record })
  await house.call("writeNotebook", { token, request: record })
  await house.call("writeProfile", { token, request: { version: 1, sealed: random(10) } })
  const lost = (await phoneOf(house, lin)).device.device
  const request = await revocationOf(house, lin, lost, { staying: [lin.device, phone.device] })
  await house.call("revokeDevices", { token, request })
  const last = ["devices", "devices", "account_keys"]
  await expect.poll(() => desk.hints).toEqual(["devices", "notebook", "profile", ...last])
  // Of the third device that came.
  expect(pocket.hints).toEqual(["devices"])
})

it("a device that runs out of key packages hears of it", async () => {
  const mei = await register(house, "mei")
  await publish(house, mei, 1)
  const phone = await phoneOf(house, mei)
  const desk = await listen(house, mei)
  const params = { user: mei.person.user }
  await house.call("claimKeyPackages", { token: phone.token, params, request: {} })
  await expect.poll(() => desk.hints).toContain("key_packages")
})

it("signing out closes that session's sockets and no others", async () => {
  const kai = await register(house, "kai")
  const phone = await phoneOf(house, kai)
  const [desk, pocket] = [await listen(house, kai), await listen(house, phone)]
  await house.call("logout", { token: phone.token })
  await expect.poll(() => pocket.closed()).toBe(1008)
  expect(desk.closed()).toBe(0)
})
