/**
 * Where a test's house keeps its rows: in SQLite, or, in the project `house-on-mysql` (test/mariadb.setup.ts), in a database
 * of a real MariaDB that belongs to the test's folder. So one suite runs against both.
 */
import { createHash } from "node:crypto"
import { join } from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { createConnection } from "mysql2/promise"

/** The address of a database server, where the suite runs against one. Programs that tests start read it too. */
const server = process.env.TEAHOUSE_TEST_MYSQL || undefined
export const onMysql = server !== undefined

async function connect(database?: string) {
  const url = new URL(server as string)
  const socketPath = url.searchParams.get("socketPath") as string
  return createConnection({ socketPath, user: url.username, ...(database ? { database } : {}) })
}
const nameOf = (folder: string) => `tea_${createHash("sha256").update(folder).digest("hex").slice(0, 20)}`

export async function databaseOf(folder: string): Promise<string> {
  if (!onMysql) return "sqlite"
  const root = await connect()
  await root.query(
    `CREATE DATABASE IF NOT EXISTS ${nameOf(folder)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  )
  await root.end()
  const url = new URL(server as string)
  url.pathname = `/${nameOf(folder)}`
  return url.href
}

export type Row = Readonly<Record<string, unknown>>

/** Behind the house's back. */
export async function rawSql(
  folder: string,
  text: string,
  values: readonly (Uint8Array | number | string)[] = [],
): Promise<readonly Row[]> {
  if (!onMysql) {
    const db = new DatabaseSync(join(folder, "house.db"), { timeout: 5_000 })
    try {
      return db.prepare(text).all(...(values as readonly SQLInputValue[])) as Row[]
    } finally {
      db.close()
    }
  }
  const root = await connect(nameOf(folder))
  try {
    const [rows] = await root.query(
      text,
      values.map((one) => (one instanceof Uint8Array ? Buffer.from(one) : one)),
    )
    if (!Array.isArray(rows)) return []
    return (rows as Row[]).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          value instanceof Uint8Array ? new Uint8Array(value) : value,
        ]),
      ),
    )
  } finally {
    await root.end()
  }
}

export async function tablesOf(folder: string): Promise<readonly string[]> {
  const rows = onMysql
    ? await rawSql(
        folder,
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
      )
    : await rawSql(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")
  return rows.map(({ name }) => name as string)
}
