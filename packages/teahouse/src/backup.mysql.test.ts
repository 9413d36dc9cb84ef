/** `teahouse backup` of a house on a database server, written to meanwhile, and restored on either kind. */
import { randomBytes } from "node:crypto"
import { existsSync, readdirSync } from "node:fs"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { shelf } from "@teahouse/server/backup/backup.fixture.ts"
import { openDatabase } from "@teahouse/server/db/open.ts"
import { openRaw } from "@teahouse/server/db/open-raw.ts"
import { loadKeys } from "@teahouse/server/house/keys.ts"
import { leaves, openTestRoom, sendOf, tempDir } from "@teahouse/server/room/log.fixture.ts"
import { headsOf } from "@teahouse/server/room/tail.ts"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../test/mariadb.ts"
import { need } from "../../../test/need.ts"
import { run } from "./run.fixture.ts"

describe.runIf(need("MariaDB", hasMariadb))("a house on MariaDB", () => {
  let server: Mariadb
  const undo: (() => unknown)[] = []
  beforeAll(async () => {
    server = await startMariadb()
  })
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  afterAll(() => server?.stop())

  const random = (length: number) => new Uint8Array(randomBytes(length))
  const tools = { several: false, subject: "mailto:nobody@example.org", now: Date.now, random }

  it("is backed up while it is written to, and restored into another database and into SQLite", async () => {
    const [data, place] = [tempDir(), shelf()]
    undo.push(data.remove, place.remove)
    const url = await server.fresh()
    const house = await openDatabase({ url, folder: data.path })
    undo.push(() => house.close())
    await loadKeys(house, data.path, tools)
    const rooms = await Promise.all([1, 2, 3].map(() => openTestRoom(house, leaves(1))))
    const told = new Map<Id, { seq: number; hash: Uint8Array }[]>(rooms.map(({ room }) => [room, []]))
    let over = false
    const writing = rooms.map(async ({ room, maker }) => {
      for (let n = 2; !over; n++) {
        const [answer] = await house.append([sendOf(room, maker.device, [n])], n)
        if (answer?.ok) told.get(room)?.push(...answer.value.positions)
      }
    })
    const least = () => Math.min(...[...told.values()].map(({ length }) => length))
    await expect.poll(least).toBeGreaterThan(20)
    const before = new Map([...told].map(([room, all]) => [room, all.length]))
    const env = { TEAHOUSE_DATABASE: url }
    const taken = await run(["backup", "--data", data.path, "--to", place.at("one"), "--unsealed"], env)
    over = true
    await Promise.all(writing)
    expect([taken.code, taken.out]).toEqual([0, expect.stringContaining("3 rooms")])
    expect((await run(["verify", place.at("one")])).code).toBe(0)

    const target = await server.fresh()
    for (const database of [target, "sqlite"]) {
      const to = place.at(database === "sqlite" ? "there" : "here")
      const made = await run(["restore", place.at("one"), "--data", to, "--database", database])
      expect([made.code, made.out]).toEqual([0, expect.stringContaining("Done")])
      expect(existsSync(`${to}/house.db`)).toBe(database === "sqlite")
      const again = await openDatabase({ url: database, folder: to })
      const { incarnation } = (await loadKeys(again, to, tools)).house.incarnation
      const heads = await headsOf(again, [...told.keys()])
      expect(heads).toHaveLength(3)
      for (const { room, seq, hash, incarnation: life } of heads) {
        expect(life).toBe(incarnation)
        expect(seq).toBeGreaterThanOrEqual((before.get(room) ?? 0) + 1)
        const known = told.get(room)?.find((one) => one.seq === seq)
        expect(known && sameBytes(known.hash, hash)).toBe(true)
      }
      const [first] = rooms
      if (!first) throw new Error("no room")
      const { seq = 0 } = heads.find(({ room }) => room === first.room) ?? {}
      const [next] = await again.append([sendOf(first.room, first.maker.device, [100_000])], 1)
      expect(next).toMatchObject({ ok: true, value: { incarnation, positions: [{ seq: seq + 1 }] } })
      await again.close()
    }
  })

  it("into a database that is somebody's nothing is restored, and who cannot reach one is told why", async () => {
    const [data, place] = [tempDir(), shelf()]
    undo.push(data.remove, place.remove)
    const url = await server.fresh()
    const house = await openDatabase({ url, folder: data.path })
    await loadKeys(house, data.path, tools)
    await house.close()
    const args = ["backup", "--data", data.path, "--to", place.at("one"), "--unsealed"]
    expect((await run(args, { TEAHOUSE_DATABASE: server.url("nowhere") })).code).toBe(12)
    expect(readdirSync(place.path)).toEqual([])
    expect((await run(args, { TEAHOUSE_DATABASE: url })).code).toBe(0)

    // Of an older program: not even its tables are brought up.
    const old = await server.fresh()
    const raw = await openRaw(old, data.path)
    await raw.query("CREATE TABLE house (id VARBINARY(16) NOT NULL PRIMARY KEY)")
    await raw.query("INSERT INTO house (id) VALUES (x'00')")
    const restore = ["restore", place.at("one"), "--data", place.at("house"), "--database"]
    expect(await run([...restore, old])).toMatchObject({
      code: 22,
      err: expect.stringContaining("is not empty (house)"),
    })
    expect(await raw.query("SHOW TABLES")).toHaveLength(1)
    await raw.close()
    expect((await run([...restore, url])).code).toBe(22)
    expect((await run([...restore, server.url("nowhere")])).code).toBe(12)
    expect(readdirSync(place.path)).toEqual(["one"])
  })
})
