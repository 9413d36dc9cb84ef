/** What a request says of its client's version, and what that changes (docs/decisions/43). */
import { protocolVersion, VERSION_HEADER } from "@teahouse/protocol/version.ts"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openTestHouse, register, type TestHouse, type TestPerson } from "./house.fixture.ts"

const { major, minor } = protocolVersion
const ours = `${major}.${minor}`
const newer = `${major}.${minor + 1}`
const other = `${major + 1}.0`

let house: TestHouse
let lin: TestPerson
beforeAll(async () => {
  house = await openTestHouse()
  lin = await register(house, "lin")
})
afterAll(() => house.remove())

const ask = async (path: string, version: string | undefined, body?: object) => {
  const { status, text } = await house.raw({
    path,
    headers: {
      authorization: `Bearer ${Buffer.from(lin.token).toString("base64url")}`,
      "content-type": "application/json",
      ...(version === undefined ? {} : { [VERSION_HEADER]: version }),
    },
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
  })
  return [status, JSON.parse(text).kind]
}
const parameters = (version: string | undefined, more: object) =>
  ask("/api/login/parameters", version, { username: "lin", ...more })

it("of a newer minor what is not known here is left out; who says nothing, or our own, is read strictly", async () => {
  const extra = { tongue: "zh" }
  expect(await parameters(newer, extra)).toEqual([200, undefined])
  expect(await parameters(ours, extra)).toEqual([400, "malformed"])
  expect(await parameters(undefined, extra)).toEqual([400, "malformed"])
  expect(await parameters(newer, { ...extra, username: 7 })).toEqual([400, "malformed"])
  // Routes without a request, and queries.
  expect(await ask("/api/me?tongue=zh", newer)).toEqual([200, undefined])
  expect(await ask("/api/me?tongue=zh", ours)).toEqual([400, "malformed"])
  expect(await ask("/api/a-room-to-come", newer)).toEqual([404, "unknown_route"])
})

it("another major is told so on every route, but for the one that says which this is", async () => {
  expect(await ask("/api/me", other)).toEqual([426, "unsupported_version"])
  expect(await parameters(other, {})).toEqual([426, "unsupported_version"])
  expect(await ask("/api/house", other)).toEqual([200, undefined])
  for (const none of ["", "1", "tea", `${ours}.1`])
    expect(await ask("/api/me", none)).toEqual([400, "malformed"])
})
