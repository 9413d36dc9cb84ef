/** `teahouse db copy`: a house moves to a database server and back, and goes on where it was. */
import { copyRows } from "@teahouse/server/db/copy.ts"
import { openDatabase } from "@teahouse/server/db/open.ts"
import { openRaw } from "@teahouse/server/db/open-raw.ts"
import type { Raw } from "@teahouse/server/db/raw.ts"
import { takeDataFolder } from "@teahouse/server/ops/data-folder.ts"
import { leaves, openTestRoom, random, sendOf, tempDir } from "@teahouse/server/room/log.fixture.ts"
import { headsOf, lastNumber } from "@teahouse/server/room/tail.ts"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../test/mariadb.ts"
import { need } from "../../../test/need.ts"
import { lookAtDatabase } from "./doctor/database.ts"
import { run as start } from "./run.fixture.ts"

const run = (...args: string[]) => start(["db", ...args])

describe.runIf(need("MariaDB", hasMariadb))("moving a house", () => {
  let server: Mariadb
  const undo: (() => unknown)[] = []
  const folder = () => {
    const made = tempDir()
    undo.push(made.remove)
    return made.path
  }
  beforeAll(async () => {
    server = await startMariadb()
  })
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  afterAll(() => server?.stop())

  it("the doctor says whether it can be used, and what its clock says", async () => {
    const url = await server.fresh()
    const { findings, clock = 0 } = await lookAtDatabase({ database: url, data: "unused" })
    expect(findings[0]).toMatchObject({ check: "database", standing: "good" })
    expect(Math.abs(clock - Date.now())).toBeLessThan(60_000)
    const wrong = Object.assign(new URL(url), { password: "wrong" }).href
    for (const database of [wrong, `${url}_that_is_not_there`, "mysql://a:b@127.0.0.1:1/c"])
      expect((await lookAtDatabase({ database, data: "unused" })).findings).toMatchObject([
        { check: "database", standing: "bad" },
      ])
  })

  it("there and back, with every row, and both go on where the log was", async () => {
    const [first, last] = [folder(), folder()]
    const url = await server.fresh()
    const roster = leaves(2)
    const house = await openDatabase({ url: "sqlite", folder: first })
    const { room, maker } = await openTestRoom(house, roster)
    for (let n = 2; n < 300; n += 2) {
      // Together more than the server takes at once.
      const body = new Uint8Array(n < 200 ? 256 * 1024 : 20).fill(n)
      const { items, ...send } = sendOf(room, maker.device, [n, n + 1])
      await house.append([{ ...send, items: items.map((item) => ({ ...item, body })) }], n)
    }
    await house.close()

    const there = await run("copy", "--from", "sqlite", "--to", url, "--data", first)
    const lines = there.err.trimEnd().split("\n")
    const whole = (word: string) =>
      lines.flatMap((line) => {
        const [, table, done, all] = new RegExp(`^${word} (\\w+) (\\d+)/(\\d+)$`).exec(line) ?? []
        return table !== undefined && done === all ? [`${table} ${all}`] : []
      })
    const copied = whole("复制 copying")
    expect(copied).toEqual(expect.arrayContaining(["entry 299", "room 1"]))
    // Every table is compared that was copied, in the same order, and none before the last one was.
    expect(whole("核对 comparing")).toEqual(copied)
    expect(lines.findLastIndex((line) => line.startsWith("复制"))).toBeLessThan(
      lines.findIndex((line) => line.startsWith("核对")),
    )
    expect([there.code, there.out]).toEqual([0, expect.stringContaining("each compared")])
    const moved = await openDatabase({ url, folder: first })
    const [head] = await headsOf(moved, [room])
    expect(head?.seq).toBe(299)
    const [placed] = await moved.append([sendOf(room, maker.device, [300])], 1)
    expect(placed).toMatchObject({ ok: true, value: { positions: [{ seq: 300 }] } })
    await moved.close()

    expect((await run("copy", "--from", url, "--to", "sqlite", "--data", last)).code).toBe(0)
    const back = await openDatabase({ url: "sqlite", folder: last })
    expect(await lastNumber(back, room, maker.device)).toBe(300)
    const [again] = await back.append([sendOf(room, maker.device, [301])], 1)
    expect(again).toMatchObject({ ok: true, value: { positions: [{ seq: 301 }] } })
    await back.close()

    const full = await run("copy", "--from", "sqlite", "--to", url, "--data", first)
    expect([full.code, full.err]).toEqual([1, expect.stringContaining("is not empty")])
    expect((await run("copy", "--from", "sqlite")).code).toBe(2)
    expect((await run("copy", "--from", "sqlite", "--to", server.url("nowhere"), "--data", first)).code).toBe(
      12,
    )
  })

  it("is refused while a house has one of the two open", async () => {
    const [path, elsewhere] = [folder(), folder()]
    const url = await server.fresh()
    const copy = () => run("copy", "--from", "sqlite", "--to", url, "--data", path)
    const node = await openDatabase({ url, folder: elsewhere })
    expect(await copy()).toMatchObject({ code: 17, err: expect.stringContaining("正被一个打开的茶馆使用") })
    await node.close()
    const house = takeDataFolder(path)
    expect(await copy()).toMatchObject({ code: 17, err: expect.stringContaining("another Teahouse") })
    house.release()
    expect((await copy()).code).toBe(0)
  })

  it("of a house that was killed, whose rows were behind its log", async () => {
    const path = folder()
    const url = await server.fresh()
    const house = await openDatabase({ url: "sqlite", folder: path })
    undo.push(() => house.close())
    const { room, maker } = await openTestRoom(house, leaves(1))
    await house.append([sendOf(room, maker.device, [2, 3])], 1)
    await (await openDatabase({ url, folder: path })).close()
    const [from, to] = [await openRaw("sqlite", path), await openRaw(url, path)]
    // One of its columns has a name that MySQL takes only in quotes.
    await from.query("INSERT INTO blob_file VALUES (?, ?, ?, 1, 1, 1, 0)", Array(3).fill(random(16)))
    const [row] = await from.query("SELECT seq FROM room")
    expect(row?.seq).toBe(1)
    expect(await copyRows(from, to, () => {})).toMatchObject({ ok: true })
    await from.close()
    await to.close()
    const moved = await openDatabase({ url, folder: path })
    const answers = await moved.append([sendOf(room, maker.device, [3, 4])], 1)
    expect(answers).toMatchObject([{ ok: true, value: { positions: [{ seq: 3 }, { seq: 4 }], fresh: 1 } }])
    await moved.close()
  })

  it("says which row is not the same", async () => {
    const path = folder()
    const url = await server.fresh()
    const house = await openDatabase({ url: "sqlite", folder: path })
    const { room, maker } = await openTestRoom(house, leaves(1))
    await house.append([sendOf(room, maker.device, [2, 3])], 1)
    await house.close()
    await (await openDatabase({ url, folder: path })).close()
    const [from, to] = [await openRaw("sqlite", path), await openRaw(url, path)]
    const forgetful: Raw = {
      ...to,
      query: (sql, values = []) =>
        to.query(sql, sql.startsWith("INSERT INTO entry") ? values.map((v) => (v === 3 ? 4 : v)) : values),
    }
    expect(await copyRows(from, forgetful, () => {})).toEqual({
      ok: false,
      error: { kind: "differs", table: "entry", row: 2 },
    })
    await from.close()
    await to.close()
  })
})
