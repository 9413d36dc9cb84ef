/** A house that takes nobody, or nobody without an invitation, also where only this machine can reach it. */
import { readFileSync } from "node:fs"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { afterEach, expect, it } from "vitest"
import { readConfiguration } from "../config.ts"
import { newPerson, openTestHouse, register, registration, type TestHouse } from "../http/house.fixture.ts"

const pass = "pass pass pass"
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
const open = async (options: Parameters<typeof openTestHouse>[0]) => {
  const house = await openTestHouse(options)
  undo.push(house.remove)
  return house
}
const first = (house: TestHouse) =>
  fromBase64url(
    /#invite=([\w-]{43})\n$/.exec(readFileSync(house.firstInvite as string, "utf8"))?.[1] ?? "",
  ) as Uint8Array
const refusalOf = async (house: TestHouse, name: string, invite?: Uint8Array) => {
  const { user } = await newPerson("x")
  return (await registration(house, name, pass, user, invite)).begun.refusal?.kind
}

it("by invitation although only this machine can reach it", async () => {
  const house = await open({ registration: "invite" })
  expect((await house.call("house")).value.registration).toBe("invite")
  expect(await refusalOf(house, "nobody")).toBe("registration_closed")
  const host = await register(house, "host", pass, first(house))
  const made = await house.call("adminCreateInvite", {
    token: host.token,
    request: { uses: 1, life: 60_000 },
  })
  expect(
    (await registration(house, "guest", pass, (await newPerson("x")).user, made.value.code)).begun.status,
  ).toBe(200)
})

it("closed: the first administrator comes in and nobody else, until it is opened again", async () => {
  const house = await open({ registration: "closed" })
  expect((await house.call("house")).value.registration).toBe("invite")
  expect(await refusalOf(house, "nobody")).toBe("registration_closed")
  const invite = first(house)
  const host = await register(house, "host", pass, invite)
  expect(await refusalOf(house, "second", invite)).toBe("invite_used_up")
  const made = await house.call("adminCreateInvite", {
    token: host.token,
    request: { uses: 1, life: 600_000 },
  })
  expect(await refusalOf(house, "guest", made.value.code)).toBe("registration_closed")
  await house.stop()
  const again = await open({ registration: "invite", data: house.data })
  await register(again, "guest", pass, made.value.code)
})

it("what is none of the three is refused", () => {
  const read = readConfiguration([], { TEAHOUSE_REGISTRATION: "none" })
  expect(!read.ok && read.error[0]?.en).toContain("use auto")
})
