/** A house, and a backup, that an older program has written: opened with a copy from before, restored with nothing lost. */
import { readdirSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { afterEach, beforeEach, expect, it } from "vitest"
import { onMysql, rawSql } from "../db/database.fixture.ts"
import { login, openTestHouse, type TestHouse, type TestPerson } from "../http/house.fixture.ts"
import { begin, changeManifest, end, openGroup, restoreFrom, type shelf, take } from "./backup.fixture.ts"
import { checkBackup } from "./check.ts"
import { partOf, ROWS } from "./format.ts"

/** As the program left it that did not know this one yet. */
const forget = ["DROP TABLE group_mark", "DELETE FROM migration WHERE id = 16"]
let place: ReturnType<typeof shelf>
let house: TestHouse
let lin: TestPerson
let undo: (() => unknown)[]
beforeEach(async () => {
  ;({ place, house, lin, undo } = await begin())
  await openGroup(house, lin)
})
afterEach(() => end(undo))

it("an older house is copied and then goes on; on MySQL it asks first", async () => {
  const { data } = house
  await house.stop()
  for (const sql of forget) await rawSql(data, sql)
  if (onMysql)
    await expect(openTestHouse({ data })).rejects.toMatchObject({
      exit: 19,
      problem: { en: expect.stringContaining("--migrate") },
    })
  const again = await openTestHouse({ data, migrate: true })
  undo.push(again.stop)
  expect((await login(again, "lin", lin.password)).entered?.status).toBe(200)
  const copies = readdirSync(data).filter((name) => name.startsWith("house.before-"))
  expect(copies).toHaveLength(onMysql ? 0 : 1)
  if (!onMysql) expect(again.logged()).toContain(`a copy from before the upgrade is in ${data}/${copies[0]}`)
})

it("an older backup is whole, and the house made of it has everything", async () => {
  expect((await take(house.data, place.at("one"))).ok).toBe(true)
  await house.stop()
  const rows = new DatabaseSync(place.at(`one/${ROWS}`))
  for (const sql of forget) rows.exec(sql)
  rows.close()
  await changeManifest(place.at("one"), async (text) => {
    const manifest = JSON.parse(text)
    delete manifest.rows.group_mark
    manifest.parts[ROWS] = await partOf(place.at(`one/${ROWS}`))
    return JSON.stringify(manifest)
  })
  expect((await checkBackup(place.at("one"), true)).damages).toEqual([])

  const data = place.at("two")
  expect((await restoreFrom(place.at("one"), data)).ok).toBe(true)
  const again = await openTestHouse({ data })
  undo.push(again.stop)
  expect((await login(again, "lin", lin.password)).entered?.status).toBe(200)
  expect((await again.call("listRooms", { token: lin.token })).value.rooms).toHaveLength(1)
})
