/**
 * The same migrations on a real MariaDB: what its grammar, types and sizes do not accept shows here, long before the
 * house can run on it. The server program is started on a socket of its own in a temporary folder.
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { limits } from "@teahouse/protocol/limits.ts"
import { type Connection, createConnection } from "mysql2/promise"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../../../test/mariadb.ts"
import { need } from "../../../../../test/need.ts"
import { migrate } from "../migrate.ts"
import { mysqlScript } from "../mysql-script.ts"
import { migrations } from "./migrations.ts"

const mariadb = need("MariaDB", hasMariadb)

describe.runIf(mariadb)("the migrations on MariaDB", () => {
  let server: Mariadb
  let db: Connection

  beforeAll(async () => {
    server = await startMariadb()
    const url = new URL(await server.fresh())
    const socketPath = url.searchParams.get("socketPath") as string
    db = await createConnection({
      socketPath,
      user: "root",
      database: url.pathname.slice(1),
      charset: "utf8mb4",
    })
  })
  afterAll(async () => {
    await db?.end()
    await server?.stop()
  })

  const target = () => ({
    execute: async (sql: string) => void (await db.query(sql)),
    async appliedIds() {
      const [rows] = await db.query("SELECT id FROM migration")
      return (rows as { id: number }[]).map((row) => row.id)
    },
    atomically: (body: () => Promise<void>) => body(),
  })

  it("are all applied, once", async () => {
    expect(await migrate(target(), migrations, 1)).toBeUndefined()
    expect(await migrate(target(), migrations, 2)).toBeUndefined()
    const [rows] = await db.query("SELECT id, applied FROM migration ORDER BY id")
    expect((rows as { id: number; applied: number }[]).map((row) => [row.id, Number(row.applied)])).toEqual(
      migrations.map(({ id }) => [id, 1]),
    )
  })

  it("are what the script makes that one runs by hand, and the house has nothing left to do", async () => {
    const script = readFileSync(
      fileURLToPath(new URL("../../../../../sql/mysql/teahouse.sql", import.meta.url)),
      "utf8",
    )
    // Written anew with: node scripts/mysql-script.ts
    expect(script).toBe(mysqlScript())
    const tables = async () => {
      const [names] = await db.query("SHOW TABLES")
      const of = (names as object[]).map((row) => Object.values(row)[0] as string)
      const made = await Promise.all(of.map(async (name) => (await db.query(`SHOW CREATE TABLE ${name}`))[0]))
      return JSON.stringify(made)
    }
    const here = await tables()
    for (const statement of script.replace(/^--.*$/gm, "").split(/;\n/))
      if (statement.trim()) await db.query(statement)
    expect(await tables()).toBe(here)
    const before = JSON.stringify((await db.query("SELECT * FROM migration"))[0])
    expect(await migrate(target(), migrations, 3)).toBeUndefined()
    expect(JSON.stringify((await db.query("SELECT * FROM migration"))[0])).toBe(before)
    await db.query(`USE tea_1_${process.pid}`)
  })

  it("refuse a schema that is newer than the program", async () => {
    expect(await migrate(target(), migrations.slice(0, 1), 1)).toMatchObject({
      kind: "newer_schema",
      id: migrations.at(-1)?.id,
    })
  })

  it("make tables that take the largest values we have, and keep ids and names apart byte by byte", async () => {
    const id = (last: number) => Buffer.concat([Buffer.alloc(15), Buffer.from([last])])
    const entry =
      "INSERT INTO entry (room_id, seq, incarnation, generation, kind, device_id, n, time, body, hash) VALUES (?, ?, 1, 0, 0, ?, ?, ?, ?, ?)"
    const large = Number.MAX_SAFE_INTEGER
    await db.query(entry, [id(1), large, id(2), large, large, Buffer.alloc(100_000, 1), Buffer.alloc(32)])
    await expect(db.query(entry, [id(1), large, id(2), 1, 1, "x", Buffer.alloc(32)])).rejects.toMatchObject({
      errno: 1062,
    })
    const [rows] = await db.query("SELECT seq, n, LENGTH(body) AS size FROM entry WHERE room_id = ?", [id(1)])
    expect((rows as Record<string, unknown>[]).map((row) => Object.values(row).map(Number))).toEqual([
      [large, large, 100_000],
    ])
  })

  it("take the largest segment of history, at the largest place", async () => {
    const large = Number.MAX_SAFE_INTEGER
    const [user, room] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)]
    const sealed = Buffer.alloc(limits.historySegmentBytes, 7)
    await db.execute("INSERT INTO history_body VALUES (?, ?, ?, ?, ?, ?, ?)", [
      ...[user, room, large, large, large, 1, sealed],
    ])
    const segment = "INSERT INTO history_segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    const again = Buffer.alloc(32, 1)
    const whole = [large, large, large, again]
    await db.execute(segment, [user, room, large, large, large, 1, sealed.length, large, ...whole])
    await db.execute("INSERT INTO history_account VALUES (?, ?, ?, ?)", [user, large, large, large])
    // Two changes of one account never have the same position.
    await expect(
      db.execute(segment, [user, room, large, 1, 1, 1, 0, large, 0, 0, 0, null]),
    ).rejects.toMatchObject({
      errno: 1062,
    })
    const [rows] = await db.query(
      "SELECT LENGTH(sealed) AS size, segment.bytes, segment.position FROM history_body AS body" +
        " JOIN history_segment AS segment ON segment.user_id = body.user_id AND segment.version = body.version",
    )
    expect((rows as Record<string, unknown>[]).map((row) => Object.values(row).map(Number))).toEqual([
      [sealed.length, sealed.length, large],
    ])
  })
})
