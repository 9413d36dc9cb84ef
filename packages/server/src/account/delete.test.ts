/** Deleting an account: what goes, what stays, and that nobody gets the name again. */

import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { idBytes, newId } from "@teahouse/protocol/ids.ts"
import { selfPolicy } from "@teahouse/protocol/policy.ts"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { rawSql, tablesOf } from "../db/database.fixture.ts"
import {
  openTestHouse,
  publish,
  random,
  register,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

let house: TestHouse
let now = Date.now()
let count = 0
let lin: TestPerson

beforeAll(async () => {
  house = await openTestHouse({ now: () => now })
})
afterAll(() => house.remove())
beforeEach(async () => {
  now = Date.now()
  lin = await register(house, `gone${++count}`)
  await publish(house, lin, 3)
})

const remove = (who: TestPerson) => house.call("deleteAccount", { token: who.token, request: {} })

/** Every table that has these bytes in some column. */
async function tablesWith(...needles: readonly Uint8Array[]): Promise<string[]> {
  const found: string[] = []
  for (const name of await tablesOf(house.data)) {
    const rows = await rawSql(house.data, `SELECT * FROM ${name}`)
    const holds = (value: unknown) =>
      value instanceof Uint8Array && needles.some((needle) => Buffer.from(value).includes(needle))
    if (rows.some((row) => Object.values(row).some(holds))) found.push(name)
  }
  return found.sort()
}

test("nothing of the account is left in any table but its name", async () => {
  await house.call("writeProfile", { token: lin.token, request: { version: 1, sealed: random(40) } })
  const record = { id: random(32), version: 1, generation: 1, sealed: random(30) }
  await house.call("writeNotebook", { token: lin.token, request: record })
  const room = newId(random)
  const { mls } = await openRoom(lin.device, room, selfPolicy(lin.person.user))
  const opening = { room, n: 1, opening: await groupInfoOf(mls) }
  await house.call("createRoom", { token: lin.token, request: opening })
  for (const version of [1, 2]) {
    const params = { room, incarnation: 1, number: 0 }
    const request = { version, generation: 1, sealed: random(30) }
    expect((await house.call("writeHistory", { token: lin.token, params, request })).status).toBe(200)
  }
  const other = await register(house, `other${count}`)
  await house.call("blockUser", { token: lin.token, params: { user: other.person.user }, request: {} })
  await house.call("blockUser", { token: other.token, params: { user: lin.person.user }, request: {} })
  const own = [idBytes(lin.person.user), idBytes(lin.device.device)]
  expect((await tablesWith(...own)).length).toBeGreaterThan(6)
  expect(await tablesWith(...own)).toEqual(
    expect.arrayContaining(["history_account", "history_body", "history_segment"]),
  )
  expect((await remove(lin)).status).toBe(200)
  expect(await tablesWith(...own)).toEqual([])
  expect((await house.call("listContacts", { token: other.token })).value.blocked).toEqual([])
})

test("its sessions are over, and nobody gets the name again", async () => {
  expect((await remove(lin)).status).toBe(200)
  expect((await remove(lin)).refusal.kind).toBe("session_expired")
  expect((await house.call("me", { token: lin.token })).refusal.kind).toBe("session_expired")
  const other = await register(house, `other${count}`)
  const found = await house.call("findUser", { token: other.token, request: { username: lin.name } })
  expect(found.refusal.kind).toBe("unknown_user")
  await expect(register(house, lin.name)).rejects.toThrow()
})

test("a password that was proved too long ago is not enough", async () => {
  now += 6 * 60_000
  expect((await remove(lin)).refusal.kind).toBe("not_fresh")
  expect((await house.call("me", { token: lin.token })).status).toBe(200)
  expect((await house.call("deleteAccount", { request: {} })).refusal.kind).toBe("not_signed_in")
})
