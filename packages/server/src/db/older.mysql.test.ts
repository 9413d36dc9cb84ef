/** A house's tables of an older schema on MariaDB are not changed unless somebody has agreed; those of nobody are. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../../test/mariadb.ts"
import { need } from "../../../../test/need.ts"
import { random } from "../room/log.fixture.ts"
import { openDatabase } from "./open.ts"
import { openRaw } from "./open-raw.ts"

describe.runIf(need("MariaDB", hasMariadb))("an older schema on MariaDB", () => {
  let server: Mariadb
  beforeAll(async () => {
    server = await startMariadb()
  })
  afterAll(() => server?.stop())

  it("of a house waits for consent, whatever opens it; a database that is nobody's does not", async () => {
    const url = await server.fresh()
    const open = async (more = {}) => (await openDatabase({ url, folder: "", ...more })).close()
    const raw = async (...statements: string[]) => {
      const db = await openRaw(url, "")
      for (const sql of statements) await db.query(sql)
      const rows = await db.query("SELECT id FROM migration ORDER BY id")
      await db.close()
      return rows.map(({ id }) => id)
    }
    const forget = ["DROP TABLE group_mark", "DELETE FROM migration WHERE id = 16"]
    await open()
    const whole = await raw()
    await raw(...forget)
    await open()
    expect(await raw()).toEqual(whole)

    const db = await openRaw(url, "")
    await db.query("INSERT INTO house (id, incarnation) VALUES (?, 1)", [random(16)])
    await db.close()
    const older = await raw(...forget)
    for (const more of [{}, { alone: true }])
      await expect(open(more)).rejects.toMatchObject({
        exit: 19,
        problem: { zh: expect.stringContaining("--migrate"), en: expect.stringContaining("mysqldump") },
      })
    expect(await raw()).toEqual(older)
    await open({ migrate: true })
    expect(await raw()).toEqual(whole)
    await open()
  })
})
