import { afterAll, beforeAll, expect, it } from "vitest"
import { openTestHouse, random, register, type TestHouse, type TestPerson } from "../http/house.fixture.ts"

let house: TestHouse
let lin: TestPerson
beforeAll(async () => {
  house = await openTestHouse({ limits: { notebookRecords: 3 } })
  lin = await register(house, "lin")
})
afterAll(() => house.remove())

const record = (id: Uint8Array, version: number) => ({ id, version, generation: 1, sealed: random(50) })
const write = (request: ReturnType<typeof record>, who = lin) =>
  house.call("writeNotebook", { token: who.token, request })
const read = async (since: number, who = lin) =>
  (await house.call("readNotebook", { token: who.token, request: { since } })).value

it("takes the next version of a record and no other, and answers the same change the same", async () => {
  const id = random(32)
  const first = record(id, 1)
  expect((await write(first)).value.cursor).toBe(1)
  expect((await write(first)).value.cursor).toBe(1)
  const others = await Promise.all([write(record(id, 1)), write(record(id, 3)), write(record(random(32), 2))])
  expect(others.map((answer) => answer.refusal.kind)).toEqual(Array(3).fill("version_conflict"))
  const second = record(id, 2)
  expect((await write(second)).value.cursor).toBe(2)
  expect(await read(0)).toEqual({ records: [second], cursor: 2, more: false })
  expect(await read(2)).toEqual({ records: [], cursor: 2, more: false })
})

it("lets one of several devices win that change a record at the same moment", async () => {
  const id = random(32)
  await write(record(id, 1))
  const answers = await Promise.all(Array.from({ length: 10 }, () => write(record(id, 2))))
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  expect(answers.filter((answer) => answer.refusal?.kind === "version_conflict")).toHaveLength(9)
})

it("is each person's own, and bounded", async () => {
  const mei = await register(house, "mei")
  expect((await read(0, mei)).records).toEqual([])
  for (let i = 0; i < 3; i++) expect((await write(record(random(32), 1), mei)).status).toBe(200)
  expect((await write(record(random(32), 1), mei)).refusal.kind).toBe("too_large")
  expect((await read(0, mei)).records).toHaveLength(3)
})

it("is read in pages, and nothing is lost between them", async () => {
  const own = await openTestHouse({ limits: { notebookRecords: 2000 } })
  const kai = await register(own, "kai")
  const ids: string[] = []
  for (let i = 0; i < 520; i++) {
    const one = record(random(32), 1)
    ids.push(String(one.id))
    await own.call("writeNotebook", { token: kai.token, request: one })
  }
  const seen: string[] = []
  let since = 0
  for (let more = true; more; ) {
    const page = (await own.call("readNotebook", { token: kai.token, request: { since } })).value
    seen.push(...page.records.map((one) => String(one.id)))
    since = page.cursor
    more = page.more
  }
  await own.remove()
  expect(seen).toEqual(ids)
})

it("keeps one profile, compare-and-set, for its owner and not for strangers", async () => {
  const params = { user: lin.person.user }
  const profile = () => house.call("readProfile", { token: lin.token, params })
  expect((await profile()).refusal.kind).toBe("unknown_record")
  const put = (version: number, sealed = random(100)) =>
    house.call("writeProfile", { token: lin.token, request: { version, sealed } })
  const sealed = random(100)
  expect((await put(2)).refusal.kind).toBe("version_conflict")
  expect((await put(1, sealed)).status).toBe(200)
  expect((await put(1, sealed)).status).toBe(200)
  expect((await put(1)).refusal.kind).toBe("version_conflict")
  expect((await profile()).value).toMatchObject({ version: 1, sealed })
  const stranger = await register(house, "stranger")
  expect((await house.call("readProfile", { token: stranger.token, params })).refusal.kind).toBe(
    "not_friends",
  )
})
