/** History segments over HTTP: one writer wins, others see nothing, a cursor misses nothing, deleted is deleted. */

import { join } from "node:path"
import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { HistorySegment } from "@teahouse/protocol/http/history.ts"
import { type Id, idBytes, newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import { openSqlite } from "../db/sqlite.ts"
import {
  listen,
  openTestHouse,
  phoneOf,
  random,
  register,
  revocationOf,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"

const DAY = 86_400_000
const start = Date.now()
let now = start
let house: TestHouse
let count = 0
let lin: TestPerson
let room: Id
beforeAll(async () => {
  house = await openTestHouse({ now: () => now })
})
afterAll(() => house.remove())
beforeEach(async () => {
  now = start
  lin = await register(house, `lin${++count}`)
  room = await roomOf(house, lin)
})

async function roomOf(at: TestHouse, who: TestPerson): Promise<Id> {
  const made = newId(random)
  const { mls } = await openRoom(who.device, made, groupPolicy(who.person.user))
  const request = { room: made, n: 1, opening: await groupInfoOf(mls) }
  expect((await at.call("createRoom", { token: who.token, request })).status).toBe(200)
  return made
}

type Who = Pick<TestPerson, "token">
type Place = { room?: Id; incarnation?: number; number?: number; at?: TestHouse }
const place = ({ room: of = room, incarnation = 1, number = 0 }: Place) => ({ room: of, incarnation, number })
const segment = (version: number, sealed = random(50), generation = 1) => ({ version, generation, sealed })
const write = (request: ReturnType<typeof segment>, where: Place = {}, who: Who = lin) =>
  (where.at ?? house).call("writeHistory", { token: who.token, params: place(where), request })
const read = (version?: number, where: Place = {}, who: Who = lin) =>
  (where.at ?? house).call("readHistory", {
    token: who.token,
    params: place(where),
    request: version === undefined ? {} : { version },
  })
const list = async (since = 0, who: Who = lin, at = house) =>
  (await at.call("listHistory", { token: who.token, request: { since } })).value
const drop = (of = room, who: Who = lin, at = house) =>
  at.call("dropHistory", { token: who.token, params: { room: of } })
const kinds = (answers: readonly { status: number; refusal?: { kind: string } }[]) =>
  answers.map((answer) => (answer.status === 200 ? "ok" : answer.refusal?.kind))

/** What the file holds of one account: rows with bytes, and versions of segments. */
async function rows(who: TestPerson, data = house.data) {
  const user = idBytes(who.person.user)
  const of = (table: string) =>
    rawSql(data, `SELECT * FROM ${table} WHERE user_id = ? ORDER BY version`, [user])
  return {
    bodies: (await of("history_body")).map(({ version, sealed }) => ({ version, sealed })),
    segments: (await of("history_segment")).map(({ version, bytes }) => ({ version, bytes })),
  }
}

describe("writing", () => {
  it("takes the next version and no other, and answers the same write the same", async () => {
    const first = segment(1)
    const answer = { cursor: 1, used: 50, quota: 2 ** 30 }
    expect((await write(first)).value).toEqual(answer)
    expect((await write(first)).value).toEqual(answer)
    expect(
      kinds(
        await Promise.all([
          write(segment(1)),
          write(segment(0)),
          write(segment(3)),
          write(segment(2), { number: 1 }),
          write(segment(2), { incarnation: 2 }),
        ]),
      ),
    ).toEqual(Array(5).fill("version_conflict"))
    const second = segment(2, random(70))
    expect((await write(second)).value).toEqual({ cursor: 2, used: 70, quota: 2 ** 30 })
    expect((await write(first)).refusal.kind).toBe("version_conflict")
    expect((await read()).value).toEqual(second)
    expect(await list()).toEqual({
      segments: [{ ...place({}), version: 2, generation: 1, bytes: 70 }],
      ...{ cursor: 2, more: false, used: 70, quota: 2 ** 30 },
    })
    expect((await list(2)).segments).toEqual([])
  })

  it("lets one of ten writers win, whatever the others hold", async () => {
    await write(segment(1))
    const tries = Array.from({ length: 10 }, () => segment(2))
    const answers = await Promise.all(tries.map((one) => write(one)))
    expect(kinds(answers).sort()).toEqual(["ok", ...Array(9).fill("version_conflict")])
    const winner = tries[answers.findIndex((one) => one.status === 200)]
    expect((await read()).value).toEqual(winner)
    expect((await list()).cursor).toBe(2)
  })

  it("counts the same bytes under another generation as another write", async () => {
    const phone = await phoneOf(house, lin)
    const { device } = phone.device
    const request = await revocationOf(house, lin, device, { staying: [lin.device] })
    await house.call("revokeDevices", { token: phone.token, request })
    const { sealed } = segment(1)
    await write(segment(1, sealed))
    expect((await write(segment(1, sealed, 2))).refusal.kind).toBe("version_conflict")
    expect((await write(segment(2, sealed, 2))).value.cursor).toBe(2)
    expect((await read()).value.generation).toBe(2)
    expect((await read(1)).value.generation).toBe(1)
  })

  it("is refused under a key that the account has not, and in rooms that it has never been in", async () => {
    const mei = await register(house, `mei${count}`)
    const theirs = await roomOf(house, mei)
    const answers = [
      await write(segment(1, random(5), 2)),
      await write(segment(1, random(5), 0)),
      await write(segment(1), { room: theirs }),
      await write(segment(1), { room: newId(random) }),
    ]
    expect(kinds(answers)).toEqual(["unknown_record", "unknown_record", "unknown_room", "unknown_room"])
    expect(await list()).toMatchObject({ segments: [], cursor: 0, used: 0 })
    expect(await rows(lin)).toEqual({ bodies: [], segments: [] })
  })

  it("is refused by the writer itself, whatever the door has let in", async () => {
    const opened = await openSqlite({ path: join(house.data, "other.db") })
    if (!opened.ok) throw new Error(opened.error.message)
    const db = opened.value
    const [user, of] = [random(16), random(16)]
    const args = { ...{ user, room: of, incarnation: 1, number: 0 }, ...segment(1) }
    const answer = () => db.write("history.write", { ...args, now, quota: 1000, maxSegments: 10 })
    expect(await answer()).toEqual({ ok: false, error: { kind: "unknown_room" } })
    await db.close()
  })

  it("goes on in a room that one has left", async () => {
    await rawSql(house.data, "UPDATE room_device SET member = 0, until = 1 WHERE room_id = ?", [
      idBytes(room),
    ])
    expect((await write(segment(1))).status).toBe(200)
  })

  it("takes what is as large as may be, and nothing larger", async () => {
    const most = 12 * 2 ** 20
    const sealed = random(65_536)
    const large = new Uint8Array(most + 1)
    for (let at = 0; at < large.length; at += sealed.length)
      large.set(sealed.subarray(0, Math.min(sealed.length, large.length - at)), at)
    expect((await write(segment(1, large.subarray(0, most)))).status).toBe(200)
    const back = (await read()).value.sealed
    expect(Buffer.compare(back, large.subarray(0, most))).toBe(0)
    const url = `/api/history/${room}/1/0`
    const headers = { authorization: `Bearer ${toBase64url(lin.token)}`, "content-type": "application/json" }
    const put = (bytes: Uint8Array, more = "") =>
      house.raw({
        method: "PUT",
        path: url,
        headers,
        body: JSON.stringify({ version: 2, generation: 1, sealed: toBase64url(bytes) + more }),
      })
    expect((await put(large)).status).toBe(400)
    expect((await put(large, "A".repeat(2000))).status).toBe(413)
    expect((await list()).segments).toMatchObject([{ version: 1, bytes: most }])
  })
})

describe("reading", () => {
  it("is each account's own: of others' segments there are none", async () => {
    await write(segment(1))
    await write(segment(2))
    const mei = await register(house, `mei${count}`)
    expect(kinds([await read(undefined, {}, mei), await read(1, {}, mei), await read(2, {}, mei)])).toEqual(
      Array(3).fill("unknown_record"),
    )
    expect(await list(0, mei)).toMatchObject({ segments: [], cursor: 0, used: 0 })
    expect((await drop(room, mei)).value).toEqual({ cursor: 0 })
    expect((await read()).status).toBe(200)
    expect(
      kinds([await read(3), await read(0), await read(1, { number: 1 }), await read(2, { incarnation: 2 })]),
    ).toEqual(Array(4).fill("unknown_record"))
  })

  it("comes in pages, and a change in between is told once more", async () => {
    const all = Array.from({ length: 520 }, (_, number) => number)
    await Promise.all(all.map((number) => write(segment(1, random(9)), { number })))
    const first = await list()
    expect([first.segments.length, first.cursor, first.more]).toEqual([500, 500, true])
    const again = first.segments[3] as HistorySegment
    await write(segment(2, random(9)), { number: again.number })
    const rest = await list(first.cursor)
    expect([rest.segments.length, rest.cursor, rest.more]).toEqual([21, 521, false])
    expect(rest.segments.at(-1)).toEqual({ ...again, version: 2 })
    const seen = new Set([...first.segments, ...rest.segments].map((one) => one.number))
    expect([...seen].sort((a, b) => a - b)).toEqual(all)

    // More than one step of a deletion.
    expect((await drop()).value.cursor).toBe(521 + 520)
    expect((await rows(lin)).bodies).toEqual([])
    let [since, told] = [521, 0]
    for (let more = true; more; ) {
      const page = await list(since)
      told += page.segments.filter((one) => one.bytes === 0).length
      ;({ cursor: since, more } = page)
    }
    expect([told, since, (await list()).used]).toEqual([520, 1041, 0])
  })

  it("keeps the one version before for thirty days, and no longer", async () => {
    const [one, two, three] = [segment(1), segment(2), segment(3)]
    await write(one)
    await write(two)
    expect((await read(1)).value).toEqual(one)
    now += DAY
    await write(three)
    expect(kinds([await read(1), await read(2), await read(3), await read()])).toEqual([
      "unknown_record",
      ...Array(3).fill("ok"),
    ])
    expect((await rows(lin)).bodies.map((row) => row.version)).toEqual([2, 3])
    now += 30 * DAY - 1
    expect((await read(2)).value).toEqual(two)
    now += 1
    expect((await read(2)).refusal.kind).toBe("unknown_record")
    expect([(await read()).value, (await read(3)).value]).toEqual([three, three])
  })

  it("and then the clean-up takes it out of the file, and nothing else", async () => {
    const at = await openTestHouse({ now: () => now })
    const kai = await register(at, "kai")
    const where = { room: await roomOf(at, kai), at }
    await write(segment(1), where, kai)
    await write(segment(2), where, kai)
    now += DAY
    await write(segment(1), { ...where, number: 1 }, kai)
    await write(segment(2), { ...where, number: 1 }, kai)
    expect((await rows(kai, at.data)).bodies).toHaveLength(4)
    const before = await list(0, kai, at)
    await at.stop()
    now += 29 * DAY
    const again = await openTestHouse({ now: () => now, data: at.data })
    const versions = async () => (await rows(kai, at.data)).bodies.map((row) => row.version)
    await expect.poll(versions).toEqual([1, 2, 2])
    expect(await list(0, kai, again)).toEqual(before)
    await again.remove()
  })
})

describe("deleting a room's history", () => {
  it("is for good, told by the cursor, and leaves other rooms alone", async () => {
    const other = { room: await roomOf(house, lin) }
    await write(segment(1))
    await write(segment(2))
    await write(segment(1), { incarnation: 2, number: 7 })
    const kept = segment(1, random(33))
    await write(kept, other)
    expect((await drop()).value).toEqual({ cursor: 6 })
    expect(await list(4)).toMatchObject({
      segments: [
        { room, incarnation: 1, number: 0, version: 3, bytes: 0 },
        { room, incarnation: 2, number: 7, version: 2, bytes: 0 },
      ],
      ...{ cursor: 6, more: false, used: 33 },
    })
    expect(kinds([await read(), await read(1), await read(2), await read(1, { number: 7 })])).toEqual(
      Array(4).fill("unknown_record"),
    )
    expect((await read(undefined, other)).value).toEqual(kept)
    expect((await rows(lin)).bodies).toEqual([{ version: 1, sealed: kept.sealed }])
    expect((await drop()).value).toEqual({ cursor: 6 })
  })

  it("and the versions count on, without anything before them", async () => {
    const old = segment(1)
    await write(old)
    await drop()
    // The second is what a device writes that has not heard of the deletion.
    expect(kinds([await write(old), await write(segment(2)), await write(segment(4))])).toEqual(
      Array(3).fill("version_conflict"),
    )
    const next = segment(3)
    expect((await write(next)).value).toMatchObject({ cursor: 3, used: 50 })
    expect((await write(next)).value).toMatchObject({ cursor: 3, used: 50 })
    expect(kinds([await read(2), await read(3)])).toEqual(["unknown_record", "ok"])
  })
})

describe("what an account may have", () => {
  it("is counted to the byte, in current versions, and what is refused changes nothing", async () => {
    const at = await openTestHouse({ now: () => now, limits: { historyBytesPerUser: 100 } })
    const kai = await register(at, "kai")
    const where = { room: await roomOf(at, kai), at }
    const put = (number: number, version: number, size: number) =>
      write(segment(version, random(size)), { ...where, number }, kai)
    expect((await put(0, 1, 60)).status).toBe(200)
    expect((await put(1, 1, 41)).refusal.kind).toBe("quota_exceeded")
    expect(await list(0, kai, at)).toMatchObject({ cursor: 1, used: 60, quota: 100 })
    expect((await rows(kai, at.data)).bodies).toHaveLength(1)
    const last = segment(1, random(40))
    expect((await write(last, { ...where, number: 1 }, kai)).value).toMatchObject({ used: 100, quota: 100 })
    expect((await write(last, { ...where, number: 1 }, kai)).status).toBe(200)
    expect((await put(0, 2, 61)).refusal.kind).toBe("quota_exceeded")
    expect((await read(undefined, where, kai)).value.version).toBe(1)
    expect((await put(0, 2, 60)).value.used).toBe(100)
    expect((await put(0, 3, 10)).value.used).toBe(50)
    expect((await put(2, 1, 50)).value.used).toBe(100)
    expect((await put(3, 1, 1)).refusal.kind).toBe("quota_exceeded")
    await drop(where.room, kai, at)
    expect((await put(3, 1, 100)).value.used).toBe(100)
    await at.remove()
  })

  it("is bounded in segments too, deleted ones included", async () => {
    const at = await openTestHouse({ now: () => now, limits: { historySegments: 2 } })
    const kai = await register(at, "kai")
    const where = { room: await roomOf(at, kai), at }
    await write(segment(1), { ...where, number: 0 }, kai)
    await drop(where.room, kai, at)
    await write(segment(1), { ...where, number: 1 }, kai)
    expect((await write(segment(1), { ...where, number: 2 }, kai)).refusal.kind).toBe("quota_exceeded")
    expect((await write(segment(3), { ...where, number: 0 }, kai)).status).toBe(200)
    await at.remove()
  })
})

it("the other devices hear of a write and of a deletion, once; the acting one does not, nor does anybody else", async () => {
  const desk = await listen(house, lin)
  const phone = await phoneOf(house, lin)
  const mei = await listen(house, await register(house, `mei${count}`))
  const pocket = await listen(house, phone)
  await expect.poll(() => desk.hints).toEqual(["devices"])
  const one = segment(1)
  await write(one, {}, phone)
  await expect.poll(() => desk.hints).toEqual(["devices", "history"])
  await write(one, {}, phone)
  await write(segment(5), {}, phone)
  await drop(newId(random), phone)
  await drop(room, phone)
  await expect.poll(() => desk.hints).toEqual(["devices", "history", "history"])
  await write(segment(3), {}, lin)
  await expect.poll(() => pocket.hints).toEqual(["history"])
  expect([desk.hints.length, mei.hints]).toEqual([3, []])
})

it("what is not in the right form is answered with its kind, and changes nothing", async () => {
  const headers = { authorization: `Bearer ${toBase64url(lin.token)}`, "content-type": "application/json" }
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await house.raw({
      ...{ method, path: `/api/history${path}`, headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    })
    return answer.status === 200 ? "ok" : (JSON.parse(answer.text) as { kind: string }).kind
  }
  const right = { version: 1, generation: 1, sealed: "AAAA" }
  for (const part of [
    "x/0",
    "-1/0",
    "1/-1",
    "1/01",
    "1.5/0",
    "1/1e3",
    "1/9007199254740992",
    `1/${room}`,
    "1/%30x",
  ])
    for (const method of ["GET", "PUT"])
      expect([part, await ask(method, `/${room}/${part}`, method === "PUT" ? right : undefined)]).toEqual([
        part,
        "malformed",
      ])
  for (const body of [
    "no JSON",
    {},
    { ...right, more: 1 },
    { ...right, version: -1 },
    { ...right, version: 1.5 },
    { ...right, version: "1" },
    { ...right, generation: null },
    { ...right, sealed: "" },
    { ...right, sealed: "A" },
    { ...right, sealed: "AA==" },
  ])
    expect([body, await ask("PUT", `/${room}/1/0`, body)]).toEqual([body, "malformed"])
  for (const query of ["", "?since=-1", "?since=x", "?since=1.5", "?since=0&since=0", "?since=0&more=1"])
    expect([query, await ask("GET", query)]).toEqual([query, "malformed"])
  for (const query of ["?version=-1", "?version=x", "?version=1&version=1", "?since=0"])
    expect([query, await ask("GET", `/${room}/1/0${query}`)]).toEqual([query, "malformed"])
  expect(await ask("DELETE", "/nobody")).toBe("malformed")
  expect(await ask("DELETE", `/${room}`, { more: 1 })).toBe("malformed")
  expect(await ask("DELETE", `/${room}`)).toBe("ok")
  expect(await ask("PUT", `/${newId(random)}/1/0`, right)).toBe("unknown_room")
  expect(await ask("POST", `/${room}/1/0`, right)).toBe("unknown_route")
  for (const [method, path] of [
    ["GET", "?since=0"],
    ["GET", `/${room}/1/0`],
    ["PUT", `/${room}/1/0`],
    ["DELETE", `/${room}`],
  ] as const)
    expect((await house.raw({ method, path: `/api/history${path}` })).status).toBe(401)
  expect(await list()).toMatchObject({ segments: [], cursor: 0, used: 0 })
})
