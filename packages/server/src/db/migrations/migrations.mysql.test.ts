/**
 * The same migrations on a real MariaDB: what its grammar, types and sizes do not accept shows here, long before the
 * house can run on it. The server program is started on a socket of its own in a temporary folder.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { limits } from "@teahouse/protocol/limits.ts"
import { type Connection, createConnection } from "mysql2/promise"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { need } from "../../../../../test/need.ts"
import { findProgram } from "../../../../../test/program.ts"
import { migrate } from "../migrate.ts"
import { migrations } from "./migrations.ts"

const program = findProgram("mariadbd", "mysqld")
const install = findProgram("mariadb-install-db", "mysql_install_db")
const mariadb = need("MariaDB", program !== undefined && install !== undefined)

describe.runIf(mariadb)("the migrations on MariaDB", () => {
  let folder: string
  let server: ChildProcess
  let db: Connection

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-maria-"))
    const data = join(folder, "data")
    const user = `--user=${userInfo().username}`
    const made = spawnSync(install as string, [
      "--no-defaults",
      `--datadir=${data}`,
      user,
      "--auth-root-authentication-method=normal",
    ])
    if (made.status !== 0) throw new Error(`the data folder could not be made: ${made.stderr}`)
    const socket = join(folder, "s")
    server = spawn(
      program as string,
      [
        "--no-defaults",
        `--datadir=${data}`,
        `--socket=${socket}`,
        "--skip-networking",
        user,
        `--pid-file=${join(folder, "pid")}`,
      ],
      { stdio: "ignore" },
    )
    for (let patience = 300; ; patience--) {
      try {
        db = await createConnection({ socketPath: socket, user: "root", charset: "utf8mb4" })
        break
      } catch (error) {
        if (patience === 0) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    await db.query("CREATE DATABASE teahouse CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    await db.query("USE teahouse")
  })
  afterAll(async () => {
    await db?.end()
    server?.kill("SIGTERM")
    if (server && server.exitCode === null) await new Promise((resolve) => server.once("exit", resolve))
    rmSync(folder, { recursive: true, force: true })
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
    const segment = "INSERT INTO history_segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    await db.execute(segment, [user, room, large, large, large, 1, sealed.length, large, large])
    await db.execute("INSERT INTO history_account VALUES (?, ?, ?, ?)", [user, large, large, large])
    // Two changes of one account never have the same position.
    await expect(db.execute(segment, [user, room, large, 1, 1, 1, 0, large, 0])).rejects.toMatchObject({
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
