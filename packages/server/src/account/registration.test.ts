import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { expect, it } from "vitest"
import {
  newPerson,
  openTestHouse,
  random,
  register,
  registration,
  type TestHouse,
} from "../http/house.fixture.ts"

const pass = "pass pass pass"
const mode = async (house: TestHouse) => (await house.call("house")).value.registration
const tokenIn = (path: string) =>
  fromBase64url(/#invite=([\w-]{43})\n$/.exec(readFileSync(path, "utf8"))?.[1] ?? "") as Uint8Array

it("is open on a loopback address without a public name", async () => {
  const house = await openTestHouse()
  expect(await mode(house)).toBe("open")
  expect(house.firstInvite).toBeUndefined()
  await register(house, "lin")
  await house.remove()
})

it("is by one link, used once, where others can reach the house", async () => {
  const house = await openTestHouse({ host: "0.0.0.0" })
  expect(await mode(house)).toBe("invite")
  const path = house.firstInvite as string
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^http://[\\d.]+:${house.port}/#invite=`))
  const invite = tokenIn(path)
  expect(house.logged()).not.toContain(Buffer.from(invite).toString("base64url"))

  const { user } = await newPerson("x")
  expect((await registration(house, "nobody", pass, user)).begun.refusal.kind).toBe("registration_closed")
  expect((await registration(house, "nobody", pass, user, random(32))).begun.refusal.kind).toBe(
    "invalid_invite",
  )
  await register(house, "host", pass, invite)
  expect((await registration(house, "second", pass, user, invite)).begun.refusal.kind).toBe("invite_used_up")
  await house.stop()

  const again = await openTestHouse({ host: "0.0.0.0", data: house.data })
  expect(again.firstInvite).toBeUndefined()
  await again.remove()
})

it("lets one person in by a link that several use at the same moment", async () => {
  const house = await openTestHouse({ host: "0.0.0.0" })
  const invite = tokenIn(house.firstInvite ?? "")
  const names = ["ann", "bob", "cai", "dee"]
  const answers = await Promise.allSettled(names.map((name) => register(house, name, pass, invite)))
  expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1)
  await house.remove()
})

it("is by link where there is a public name, even on a loopback address", async () => {
  const house = await openTestHouse({ origins: ["https://chat.example.org"] })
  expect(await mode(house)).toBe("invite")
  expect(readFileSync(house.firstInvite ?? "", "utf8")).toMatch(/^https:\/\/chat\.example\.org\/#invite=/)
  await house.remove()
})

it("keeps a link that nobody has used over a start, under the address of now", async () => {
  const house = await openTestHouse({ host: "0.0.0.0" })
  const first = tokenIn(house.firstInvite ?? "")
  await house.stop()
  const again = await openTestHouse({ data: house.data, origins: ["https://chat.example.org"] })
  expect(tokenIn(again.firstInvite ?? "")).toEqual(first)
  expect(readFileSync(again.firstInvite ?? "", "utf8")).toMatch(/^https:\/\/chat\.example\.org\/#invite=/)
  await register(again, "host", pass, first)
  await again.remove()
})

it.each([
  ["could read it", (path: string) => chmodSync(path, 0o644)],
  ["have emptied it and could read it", (path: string) => writeFileSync(path, "", { mode: 0o644 })],
])("writes a new link where others %s, and the file is secret again", async (_, spoil) => {
  const house = await openTestHouse({ host: "0.0.0.0" })
  const first = tokenIn(house.firstInvite ?? "")
  await house.stop()
  spoil(join(house.data, "first-invite.txt"))
  const again = await openTestHouse({ host: "0.0.0.0", data: house.data })
  const second = tokenIn(again.firstInvite ?? "")
  expect(statSync(again.firstInvite ?? "").mode & 0o777).toBe(0o600)
  const { user } = await newPerson("x")
  expect((await registration(again, "nobody", pass, user, first)).begun.refusal.kind).toBe("invalid_invite")
  expect((await registration(again, "nobody", pass, user, second)).begun.status).toBe(200)
  await again.remove()
})

it.each(["x-forwarded-for", "forwarded", "x-forwarded-proto", "x-real-ip", "via"])(
  "closes at once and for good with the first request that came through a proxy: %s",
  async (name) => {
    const house = await openTestHouse()
    expect(await mode(house)).toBe("open")
    await house.raw({ path: "/livez", headers: { [name]: "1.2.3.4" } })
    expect(await mode(house)).toBe("invite")
    const { user } = await newPerson("x")
    expect((await registration(house, "nobody", pass, user)).begun.refusal.kind).toBe("registration_closed")
    await expect.poll(() => house.logged()).toContain("first-invite.txt")
    await register(house, "host", pass, tokenIn(join(house.data, "first-invite.txt")))
    await house.remove()
  },
)
