/**
 * MySQL 8.0 and MariaDB 10.11 (or newer): reads over a few connections, writes over one, in the groups of writer.ts: what has
 * arrived while a COMMIT ran goes into the next, each write in a savepoint of its own.
 *
 * Several nodes may write to one database. Each group first takes the row of the first migration, so groups of all
 * nodes come one after another, and a write may look before it leaps as it may on SQLite. READ COMMITTED: what is read after
 * that row was taken is what the group before has left.
 *
 * A connection that is lost before COMMIT was asked for has changed nothing: the group's writes run again, each alone, and one with
 * which it is lost each time is given up. If it is lost while COMMIT ran, the next connection asks whether it was written
 * (mysql-mark.ts): then its answers hold, else it runs again. Messages alone just run again, because their numbers make that safe
 * (docs/contract.md 4). Only where the server stays away nobody knows, and named writes are answered with an error, as when
 * an answer is lost on its way to the client.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { Kysely, MysqlDialect } from "kysely"
import { type Connection, createConnection, createPool, type Pool } from "mysql2"
import type { Problem } from "../config.ts"
import { appendRows, type Query } from "../room/append-mysql.ts"
import type { AppendRequest, AppendResult } from "../room/log.ts"
import { type MigrationRefusal, migrate } from "./migrate.ts"
import { migrations } from "./migrations/migrations.ts"
import { createMarks, TURN } from "./mysql-mark.ts"
import { openAlone, openForHouse } from "./mysql-open.ts"
import { riskOf } from "./mysql-risks.ts"
import type { Database } from "./port.ts"
import type { Raw, Row } from "./raw.ts"
import type { Schema } from "./schema.ts"
import { writeFailed } from "./write-failed.ts"
import { writeNamed } from "./writes.ts"

export type MysqlRefusal =
  | MigrationRefusal
  | {
      readonly kind:
        | "no_server"
        | "wrong_password"
        | "no_database"
        | "no_rights"
        | "old_version"
        | "small_packets"
        | "house_open"
        | "being_moved"
        | "older_schema"
      /** What the server said of itself, never of the person who asks. */
      readonly found: string
    }

export type MysqlOptions = {
  /** `mysql://user:password@host:port/database`, or `?socketPath=…`. */
  readonly url: string
  readonly now?: () => number
  /** Only where no house has it open, for who moves it as a whole. */
  readonly alone?: boolean
  /** Somebody has agreed that a house's tables of an older schema are changed: that cannot be undone here. */
  readonly migrate?: boolean
  /** What the server's own settings put at risk. */
  readonly onRisk?: (risk: Problem) => void
  /** A write found no room, by the database's code. */
  readonly onFull?: (code: string) => void
}

type Job =
  | { readonly kind: "write"; readonly name: string; readonly args: unknown }
  | { readonly kind: "append"; readonly requests: readonly AppendRequest[]; readonly now: number }
type Waiting = Job & { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }

const GROUP = 512
const READERS = 8
const CONNECT_MS = 5_000
/** How long a lost server is waited for before those who wait are told, and how often it is looked for (ms). */
const PATIENCE_MS = 8_000
const AGAIN_MS = 250
/**
 * A node that stands still in the middle of a group, or whose machine is gone without a word, holds the row that all wait for:
 * after so many seconds without a statement the server ends it. So an idle writer gives a sign of life (ms).
 */
const SILENT_S = 10
const ALIVE_MS = 3_000
/** How often a write is tried with which the connection is lost, although it is alone. */
const ATTEMPTS = 3
const FULL = new Set([1021, 1114])
/** A block of history and what stands around it. */
const PACKET = 16 * 1024 * 1024
const LARGE = 1024 * 1024

class LostAtCommit extends Error {
  readonly answers: readonly unknown[]
  /** Where there are named writes among them. */
  readonly mark: number | undefined
  constructor(answers: readonly unknown[], mark: number | undefined, cause: unknown) {
    super("nobody knows whether it was written", { cause })
    this.answers = answers
    this.mark = mark
  }
}
class InUse extends Error {
  readonly by: "house_open" | "being_moved"
  constructor(by: InUse["by"]) {
    super("the database is in use")
    this.by = by
  }
}
const NOT_THERE = Object.assign(new Error("the database is not there"), { code: "the database is not there" })

export async function openMysql(options: MysqlOptions): Promise<Result<Database, MysqlRefusal>> {
  const { url, now = Date.now, alone = false, onRisk } = options
  const consent = options.migrate ?? false
  const settings = settingsOf(url)
  let connection: Connection
  try {
    connection = await connectWriter(settings, alone)
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal) return err(refusal)
    throw error
  }
  try {
    const refused = (await oldOrSmall(connection)) ?? (await migrated(connection, now(), consent))
    if (refused) {
      connection.destroy()
      return err(refused)
    }
    const risk = onRisk && (await riskOf(queryOver(connection)))
    if (risk) onRisk(risk)
  } catch (error) {
    connection.destroy()
    const refusal = refusalOf(error)
    if (refusal) return err(refusal)
    throw error
  }

  const pool = createPool({ ...settings, connectionLimit: READERS, maxIdle: 2, idleTimeout: 60_000 })
  // Asked before whatever the connection is taken for.
  pool.on("connection", (connection) => {
    for (const sql of SESSION) connection.query(sql, () => {})
  })
  const read = kyselyOver(pool)
  let writer = writerOver(connection)
  const marks = createMarks(now)
  const queue: Waiting[] = []
  let working: Promise<void> | undefined
  let closed = false
  let lost = false

  const together = async (jobs: readonly Waiting[]): Promise<unknown[]> => {
    const { query } = writer
    await query("START TRANSACTION", [])
    await query(TURN, [])
    const answers: unknown[] = []
    for (const job of jobs) answers.push(await run(writer, job))
    const mark = jobs.some(({ kind }) => kind === "write") ? await marks.set(query) : undefined
    try {
      await query("COMMIT", [])
    } catch (error) {
      throw new LostAtCommit(answers, mark, error)
    }
    return answers
  }
  const run = async ({ db, query }: Writer, job: Job): Promise<unknown> => {
    if (job.kind === "append") return appendRows(query, job.requests, job.now)
    const write = writeNamed(job.name)
    if (!write) throw new Error(`no write is named ${job.name}`)
    await query("SAVEPOINT job", [])
    const result = (await write(db, job.args as never)) as Result<unknown, Refusal>
    if (!result.ok) await query("ROLLBACK TO SAVEPOINT job", [])
    await query("RELEASE SAVEPOINT job", [])
    return result
  }

  /** What was begun is undone; over a fresh connection, unless the old one is sound. False: the server is not there. */
  const undo = async (error: unknown): Promise<boolean> => {
    if (!isLost(error) && (await writer.query("ROLLBACK", []).catch(() => undefined))) return true
    // Also where it went away just then: with the connection what was begun is undone.
    return reconnect()
  }
  const reconnect = async (): Promise<boolean> => {
    lost = true
    writer.connection.destroy()
    for (const until = now() + PATIENCE_MS; now() < until && !closed; ) {
      try {
        writer = writerOver(await connectWriter(settings, alone))
        lost = false
        return true
      } catch {
        await new Promise((done) => setTimeout(done, AGAIN_MS))
      }
    }
    return false
  }

  /** undefined: it cannot be found out. */
  const written = async (mark: number): Promise<boolean | undefined> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++)
      try {
        return await marks.stands(writer.query, mark)
      } catch (error) {
        if (!isLost(error) || !(await reconnect())) return undefined
      }
    return undefined
  }

  const fail = (job: Waiting, error: unknown) => {
    if (FULL.has((error as { errno?: number }).errno ?? 0)) {
      options.onFull?.(codeOf(error))
      const refused = err(refuse("storage_full"))
      job.resolve(job.kind === "append" ? job.requests.map(() => refused) : refused)
    } else job.reject(writeFailed(`a write failed: ${codeOf(error)}`, codeOf(error)))
  }
  const group = async (jobs: readonly Waiting[], attempt = 1): Promise<void> => {
    try {
      if (lost && !(await reconnect())) throw NOT_THERE
      const answers = await together(jobs)
      for (const [index, job] of jobs.entries()) job.resolve(answers[index])
    } catch (error) {
      const uncertain = error instanceof LostAtCommit
      const cause = uncertain ? error.cause : error
      const back = !lost && (await undo(cause))
      const stands = uncertain && back && error.mark !== undefined ? await written(error.mark) : undefined
      if (uncertain && stands) {
        for (const [index, job] of jobs.entries()) job.resolve(error.answers[index])
        return
      }
      const alone = jobs.length === 1
      const over = !back || (alone && (!isLost(cause) || attempt === ATTEMPTS))
      for (const job of jobs)
        if (over || (uncertain && job.kind === "write" && stands !== false)) fail(job, cause)
        else await group([job], alone ? attempt + 1 : 1)
    }
  }
  const work = async () => {
    // What comes in this turn goes together.
    await undefined
    while (queue.length > 0) await group(queue.splice(0, GROUP))
    working = undefined
  }
  const ask = (job: Job): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error("the database is closed"))
      queue.push({ ...job, resolve, reject })
      working ??= work()
    })

  const alive = setInterval(() => {
    const mine = writer
    if (working || lost) return
    // With the next group it is connected again.
    mine.query("DO 0", []).catch(() => {
      if (writer === mine) lost = true
    })
  }, ALIVE_MS)
  alive.unref()

  return ok({
    read,
    write: (name, args) => ask({ kind: "write", name, args }) as never,
    append: (requests, now) => ask({ kind: "append", requests, now }) as Promise<readonly AppendResult[]>,
    async close() {
      if (closed) return
      closed = true
      clearInterval(alive)
      await working
      await new Promise<void>((done) => writer.connection.end(() => done()))
      // Not by way of Kysely, which ends nothing where nothing was read: the pool's own timer would go on.
      await new Promise<void>((done) => pool.end(() => done()))
    },
  })
}

/** One connection, for what concerns whole databases. `alone`: as above. */
export async function openMysqlRaw(url: string, alone = false): Promise<Result<Raw, MysqlRefusal>> {
  let connection: Connection
  try {
    connection = await connect(settingsOf(url))
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal) return err(refusal)
    throw error
  }
  const query = queryOver(connection)
  if (alone && !(await openAlone(query))) {
    connection.destroy()
    return err({ kind: "house_open", found: "" })
  }
  return ok({
    async query(sql, values = []) {
      const rows = await query(sql, values)
      return Array.isArray(rows) ? (rows as Row[]) : []
    },
    close: () => new Promise((done) => connection.end(() => done())),
  })
}

// -------------------------------------------------------------------------------------------------------- connections

type Settings = Parameters<typeof createPool>[0] & object

function settingsOf(url: string): Settings {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const socketPath = searchParams.get("socketPath")
  return {
    ...(socketPath ? { socketPath } : { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || 3306 }),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: "utf8mb4",
    connectTimeout: CONNECT_MS,
    // Sums are DECIMAL there; none of ours is larger than a double holds exactly.
    decimalNumbers: true,
  }
}

/** What a server's own defaults may differ in. */
const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
]

async function connect(settings: Settings): Promise<Connection> {
  const connection = createConnection(settings)
  // What is said here has been answered to whoever asked.
  connection.on("error", () => {})
  try {
    await new Promise<void>((done, failed) => connection.connect((error) => (error ? failed(error) : done())))
    for (const sql of SESSION) await queryOver(connection)(sql, [])
  } catch (error) {
    connection.destroy()
    throw error
  }
  return connection
}

async function connectWriter(settings: Settings, alone: boolean): Promise<Connection> {
  const connection = await connect(settings)
  const query = queryOver(connection)
  try {
    await query(`SET SESSION wait_timeout = ${SILENT_S}`, [])
    if (!(await (alone ? openAlone(query) : openForHouse(query))))
      throw new InUse(alone ? "house_open" : "being_moved")
    return connection
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** Bytes are written by mysql2 as what Node calls a Buffer, and as nothing else. */
const plain = (value: unknown) =>
  value instanceof Uint8Array && !Buffer.isBuffer(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value
const isLarge = (value: unknown) => value instanceof Uint8Array && value.length > LARGE

type Answered = (error: unknown, rows: never) => void
/** Text with the values in it, but for large ones: as text they are twice as long, and longer than a packet. */
function ask(connection: Connection, sql: string, values: readonly unknown[], done: Answered): void {
  const all = values.map(plain)
  if (all.some(isLarge)) connection.execute(sql, all as never, done as never)
  else connection.query(sql, all as never, done as never)
}
const queryOver =
  (connection: Connection): Query =>
  (sql, values) =>
    new Promise((done, failed) => {
      ask(connection, sql, values, (error, rows) => (error ? failed(error) : done(rows)))
    })

type Connections = {
  getConnection(done: (error: unknown, connection: never) => void): void
  end(done: (error: unknown) => void): void
}
type Writer = { readonly connection: Connection; readonly query: Query; readonly db: Kysely<Schema> }
const writerOver = (connection: Connection): Writer => ({
  connection,
  query: queryOver(connection),
  db: kyselyOver(one(connection)),
})

/** The one connection that writes, as if there were several. */
const one = (connection: Connection): Connections => ({
  getConnection: (done) => done(undefined, Object.assign(connection, { release() {} }) as never),
  end: (done) => done(undefined),
})
function kyselyOver(pool: Pool | Connections): Kysely<Schema> {
  const wrapped: Connections = {
    getConnection: (done) =>
      (pool as Pool).getConnection((error, raw) =>
        done(
          error,
          (raw && {
            threadId: raw.threadId,
            query: (sql: string, values: readonly unknown[], answered: Answered) =>
              ask(raw, sql, values, answered),
            release: () => raw.release(),
          }) as never,
        ),
      ),
    end: (done) => (pool as Pool).end((error) => done(error ?? undefined)),
  }
  return new Kysely<Schema>({ dialect: new MysqlDialect({ pool: wrapped as never }) })
}

// ---------------------------------------------------------------------------------------------------- what is refused

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? "unknown")
const isLost = (error: unknown): boolean =>
  (error as { fatal?: unknown }).fatal === true ||
  [
    "PROTOCOL_CONNECTION_LOST",
    "ECONNRESET",
    "EPIPE",
    "ER_SERVER_SHUTDOWN",
    "ER_CONNECTION_KILLED",
    "ER_CLIENT_INTERACTION_TIMEOUT",
  ].includes(codeOf(error)) ||
  String((error as Error).message).includes("closed state")

function refusalOf(error: unknown): MysqlRefusal | undefined {
  if (error instanceof InUse) return { kind: error.by, found: "" }
  switch (codeOf(error)) {
    case "ER_ACCESS_DENIED_ERROR":
    case "ER_ACCESS_DENIED_NO_PASSWORD_ERROR":
      return { kind: "wrong_password", found: "" }
    case "ER_BAD_DB_ERROR":
    case "ER_NO_DB_ERROR":
      return { kind: "no_database", found: "" }
    case "ER_DBACCESS_DENIED_ERROR":
    case "ER_TABLEACCESS_DENIED_ERROR":
    case "ER_SPECIFIC_ACCESS_DENIED_ERROR":
      return { kind: "no_rights", found: "" }
    case "ECONNREFUSED":
    case "ENOENT":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ETIMEDOUT":
    case "EACCES":
      return { kind: "no_server", found: codeOf(error) }
    default:
      return undefined
  }
}

async function oldOrSmall(connection: Connection): Promise<MysqlRefusal | undefined> {
  const [row] = (await queryOver(connection)(
    "SELECT VERSION() AS version, @@max_allowed_packet AS packet",
    [],
  )) as { version: string; packet: number }[]
  const found = row?.version ?? ""
  if (isOld(found)) return { kind: "old_version", found }
  if ((row?.packet ?? 0) < PACKET) return { kind: "small_packets", found: String(row?.packet) }
  return undefined
}
/** `8.0.36`, `10.11.6-MariaDB-0+deb12u1`. */
export function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return /mariadb/i.test(version) ? major < 10 || (major === 10 && minor < 11) : major < 8
}

async function migrated(
  connection: Connection,
  now: number,
  consent: boolean,
): Promise<MysqlRefusal | undefined> {
  const query = queryOver(connection)
  // One node at a time: definitions commit by themselves, so no transaction holds the others off.
  await query("SELECT GET_LOCK('teahouse.migrate', 60)", [])
  try {
    const found = consent ? undefined : await olderHouse(query)
    if (found) return { kind: "older_schema", found }
    return await migrate(
      {
        execute: async (sql) => void (await query(sql, [])),
        appliedIds: async () =>
          ((await query("SELECT id FROM migration", [])) as { id: number }[]).map(({ id }) => id),
        atomically: (body) => body(),
      },
      migrations,
      now,
    )
  } finally {
    await query("SELECT RELEASE_LOCK('teahouse.migrate')", [])
  }
}

/** A house's database that lacks migrations: from which to which. Where there is no house yet nothing can be lost. */
async function olderHouse(query: Query): Promise<string | undefined> {
  const tables = (await query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('migration', 'house')",
    [],
  )) as { name: string }[]
  if (tables.length < 2) return undefined
  const houses = (await query("SELECT id FROM house LIMIT 1", [])) as unknown[]
  if (houses.length === 0) return undefined
  const applied = ((await query("SELECT id FROM migration", [])) as { id: number }[]).map(({ id }) => id)
  const newest = Math.max(...migrations.map(({ id }) => id))
  const has = Math.max(0, ...applied)
  return has <= newest && migrations.some(({ id }) => !applied.includes(id))
    ? `${has} → ${newest}`
    : undefined
}
