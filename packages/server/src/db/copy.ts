/**
 * Moves a house's rows from one database into another, empty one: every table, in parts, and then every row of both is
 * compared. Tables and their keys are those of the migrations. The house's own row goes last, so that a copy that was
 * interrupted is nobody's.
 */
import { DatabaseSync } from "node:sqlite"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { migrations } from "./migrations/migrations.ts"
import type { Raw, Row, Value } from "./raw.ts"

export type Table = {
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
}
export type CopyRefusal =
  | { readonly kind: "not_empty"; readonly table: string }
  | { readonly kind: "differs"; readonly table: string; readonly row: number }
export type Copied = { readonly tables: number; readonly rows: number }
export type CopyProgress = (step: "copy" | "compare", table: string, done: number, all: number) => void

/** Rows in one part; of history's blocks, which may have 12 MiB each, a few. */
const PART = 100
const FEW = 2
const partOf = (name: string) => (name === "history_body" ? FEW : PART)
const BEFORE_LAST = 1

export function tablesOfSchema(): readonly Table[] {
  const db = new DatabaseSync(":memory:")
  for (const { statements } of migrations) for (const statement of statements) db.exec(statement)
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
  const tables = names.map((row) => {
    const name = row.name as string
    const columns = db.prepare(`PRAGMA table_info(${name})`).all() as { name: string; pk: number }[]
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
    return { name, columns: columns.map((one) => one.name), key: key.map((one) => one.name) }
  })
  db.close()
  const last = (name: string) => (name === "house" ? BEFORE_LAST : 0)
  return tables.sort((a, b) => last(a.name) - last(b.name))
}

export async function copyRows(
  from: Raw,
  to: Raw,
  onProgress: CopyProgress,
): Promise<Result<Copied, CopyRefusal>> {
  const tables = tablesOfSchema()
  for (const { name } of tables)
    if ((await to.query(`SELECT 1 AS one FROM ${name} LIMIT 1`)).length > 0)
      return err({ kind: "not_empty", table: name })
  await settle(from)
  let rows = 0
  for (const table of tables) {
    const all = await countOf(from, table)
    let done = 0
    for await (const part of partsOf(from, table)) {
      await to.query("BEGIN")
      await insert(to, table, part)
      await to.query("COMMIT")
      done += part.length
      onProgress("copy", table.name, done, all)
    }
    rows += done
  }
  for (const table of tables) {
    const all = await countOf(from, table)
    const there = partsOf(to, table)
    let done = 0
    for await (const part of partsOf(from, table)) {
      const next = await there.next()
      const same = next.value ?? []
      const wrong = part.findIndex((row, i) => !sameRow(table, row, same[i]))
      if (wrong >= 0 || same.length !== part.length)
        return err({ kind: "differs", table: table.name, row: done + (wrong >= 0 ? wrong : part.length) })
      done += part.length
      onProgress("compare", table.name, done, all)
    }
    if (!(await there.next()).done) return err({ kind: "differs", table: table.name, row: done })
  }
  return ok({ tables: tables.length, rows })
}

/** In the order of its key. */
async function* partsOf(db: Raw, { name, key }: Table): AsyncGenerator<readonly Row[]> {
  let last: Row | undefined
  for (;;) {
    const { where, values } = last ? after(key, last) : { where: "", values: [] }
    const part = await db.query(
      `SELECT * FROM ${name} ${where} ORDER BY ${key.join(", ")} LIMIT ${partOf(name)}`,
      values,
    )
    if (part.length === 0) return
    yield part
    last = part[part.length - 1]
  }
}
/** (a, b) > (x, y), as both databases find it by their index. */
function after(key: readonly string[], row: Row) {
  const values: Value[] = []
  const alternatives = key.map((column, i) => {
    const equal = key.slice(0, i)
    values.push(...[...equal, column].map((name) => row[name] ?? null))
    return [...equal.map((name) => `${name} = ?`), `${column} > ?`].join(" AND ")
  })
  return { where: `WHERE (${alternatives.join(") OR (")})`, values }
}

/** As many rows at once as a packet surely holds (mysql.ts refuses servers with less than 16 MiB). */
const INSERT_BYTES = 4 * 1024 * 1024
const bytesOf = (row: Row) =>
  Object.values(row).reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 8), 0)

async function insert(db: Raw, table: Table, rows: readonly Row[]): Promise<void> {
  let some: Row[] = []
  let bytes = 0
  for (const row of rows) {
    if (some.length > 0 && bytes + bytesOf(row) > INSERT_BYTES) {
      await insertOnce(db, table, some)
      some = []
      bytes = 0
    }
    some.push(row)
    bytes += bytesOf(row)
  }
  await insertOnce(db, table, some)
}

/** A name may be a word of MySQL's own. Both take these quotes. */
const quoted = (name: string) => `\`${name}\``

async function insertOnce(db: Raw, { name, columns }: Table, rows: readonly Row[]): Promise<void> {
  const marks = `(${columns.map(() => "?").join(", ")})`
  await db.query(
    `INSERT INTO ${name} (${columns.map(quoted).join(", ")}) VALUES ${rows.map(() => marks).join(", ")}`,
    rows.flatMap((row) => columns.map((column) => row[column] ?? null)),
  )
}

const countOf = async (db: Raw, { name }: Table): Promise<number> =>
  Number((await db.query(`SELECT COUNT(*) AS count FROM ${name}`))[0]?.count ?? 0)

const sameRow = ({ columns }: Table, a: Row, b: Row | undefined): boolean =>
  b !== undefined && columns.every((column) => same(a[column] ?? null, b[column] ?? null))
const same = (a: Value, b: Value): boolean =>
  a instanceof Uint8Array ? b instanceof Uint8Array && Buffer.compare(a, b) === 0 : a === b

/** On SQLite the rows of rooms and senders may be behind the log (room/appender.ts): nobody else knows of that. */
export async function settle(db: Raw): Promise<void> {
  const behind = await db.query(
    `SELECT room.id, room.seq AS upto, MAX(entry.seq) AS seq FROM room
     JOIN entry ON entry.room_id = room.id AND entry.seq > room.seq GROUP BY room.id, room.seq`,
  )
  for (const { id, upto, seq } of behind as { id: Uint8Array; upto: number; seq: number }[]) {
    const tail = await db.query(
      `SELECT device_id, MAX(n) AS n, MAX(seq) AS seq, MIN(seq) AS from_seq FROM entry
       WHERE room_id = ? AND seq > ? GROUP BY device_id`,
      [id, upto],
    )
    const [last] = await db.query("SELECT hash, time FROM entry WHERE room_id = ? AND seq = ?", [id, seq])
    await db.query("BEGIN")
    for (const one of tail)
      await db.query(
        "UPDATE room_device SET n = ?, seq = ?, from_seq = ? WHERE room_id = ? AND device_id = ?",
        [...[one.n as number, one.seq as number, one.from_seq as number, id, one.device_id as Uint8Array]],
      )
    const place = [seq, last?.hash as Uint8Array, last?.time as number, id]
    await db.query("UPDATE room SET seq = ?, hash = ?, time = ? WHERE id = ?", place)
    await db.query("COMMIT")
  }
}
