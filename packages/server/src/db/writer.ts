/**
 * The writer: a thread that owns the one connection that writes. What has arrived while a COMMIT ran goes into the next
 * one (group commit), so the price of an fsync is shared by all who wait, and nobody is answered before it
 * (docs/contract.md 1: durable before acknowledged; WAL with synchronous = FULL).
 *
 * Each write runs in a savepoint, so that its refusal undoes it alone. Should anything throw, the group is rolled back
 * and its jobs run again one by one: only the guilty one fails. A write does nothing but SQL, so running it again is safe.
 */
import { DatabaseSync } from "node:sqlite"
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads"
import type { Result } from "@teahouse/protocol/result.ts"
import { createAppender } from "../room/appender.ts"
import { copyFirst, type NoRoom } from "./copy-first.ts"
import { type MigrationRefusal, migrate } from "./migrate.ts"
import { migrations } from "./migrations/migrations.ts"
import { kyselyOver, sqliteTarget } from "./node-sqlite.ts"
import { writeNamed } from "./writes.ts"

export type WriterOptions = {
  readonly path: string
  readonly maxPages?: number
  /**
   * For tests: while the first Int32 is 1, a COMMIT waits; the second counts the COMMITs that have come to the gate.
   * That nothing is acknowledged before it is durable can only be seen by holding it there.
   */
  readonly gate?: SharedArrayBuffer
}

export type WriterJob =
  | { readonly id: number; readonly kind: "write"; readonly name: string; readonly args: unknown }
  | { readonly id: number; readonly kind: "append"; readonly batch: ArrayBuffer; readonly now: number }
/** Its first word. */
export type WriterOpened = {
  readonly refused?: MigrationRefusal | NoRoom
  /** What was copied before the schema was brought up to date. */
  readonly copied?: string
}
export type WriterMessage = WriterJob | { readonly id: number; readonly kind: "close" }

/** `full`: the storage is full. `error`: a bug, or a failing disk; its message never holds values of rows. */
export type WriterAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly full: true }
  | { readonly id: number; readonly error: string }

/** Jobs in one group: bounds how long the first of them waits. */
const GROUP = 4096
const SQLITE_FULL = 13

const options = workerData as WriterOptions
const port = parentPort
if (!port) throw new Error("the writer runs in a thread of its own")

const sqlite = new DatabaseSync(options.path, { timeout: 5000 })
sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
// A checkpoint every 16 MiB: with many rooms the same pages of the index are written again and again in between.
sqlite.exec(
  "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864",
)
const db = kyselyOver(sqlite)

const copied = copyFirst(sqlite, options.path, { known: migrations, now: Date.now() })
const refused = copied.ok ? await migrate(sqliteTarget(sqlite), migrations, Date.now()) : copied.error
// After the migrations: a house that is full must still open, so that what is in it can be read.
if (options.maxPages) sqlite.exec(`PRAGMA max_page_count = ${Math.floor(options.maxPages)}`)

const appender = createAppender(sqlite)
const sql = (text: string) => {
  const statement = sqlite.prepare(text)
  return () => statement.run()
}
const begin = sql("BEGIN IMMEDIATE")
const commitNow = sql("COMMIT")
const savepoint = sql("SAVEPOINT job")
const release = sql("RELEASE job")
const undo = sql("ROLLBACK TO job")

const gate = options.gate && new Int32Array(options.gate)
function commit() {
  if (gate) {
    Atomics.add(gate, 1, 1)
    while (Atomics.load(gate, 0) === 1) Atomics.wait(gate, 0, 1)
  }
  commitNow()
}

async function run(job: WriterJob): Promise<unknown> {
  if (job.kind === "append") return appender.append(job.batch, job.now)
  // Writes see the tables, so what the appender holds back goes there first, and what it remembers may change.
  appender.flush()
  appender.forget()
  const write = writeNamed(job.name)
  if (!write) throw new Error(`no write is named ${job.name}`)
  savepoint()
  const result = (await write(db, job.args as never)) as Result<unknown, unknown>
  if (!result.ok) undo()
  release()
  return result
}

async function together(jobs: readonly WriterJob[]): Promise<WriterAnswer[]> {
  begin()
  const answers: WriterAnswer[] = []
  for (const job of jobs) answers.push({ id: job.id, value: await run(job) })
  appender.settle()
  commit()
  return answers
}

/** SQLite may have rolled back by itself. */
function abandon() {
  appender.forget()
  if (sqlite.isTransaction) sqlite.exec("ROLLBACK")
}

function failure(id: number, error: unknown): WriterAnswer {
  if ((error as { errcode?: unknown }).errcode === SQLITE_FULL) return { id, full: true }
  return { id, error: error instanceof Error ? error.message : "unknown" }
}

/** Nothing is lost without it: the rows are read together with the log's tail. */
function tidy() {
  if (!appender.behind) return
  try {
    begin()
    appender.flush()
    commitNow()
  } catch {
    abandon()
  }
}

async function group(jobs: readonly WriterJob[]): Promise<WriterAnswer[]> {
  try {
    return await together(jobs)
  } catch (error) {
    abandon()
    const [only] = jobs
    if (jobs.length === 1 && only) return [failure(only.id, error)]
  }
  const answers: WriterAnswer[] = []
  for (const job of jobs) {
    try {
      answers.push(...(await together([job])))
    } catch (error) {
      abandon()
      answers.push(failure(job.id, error))
    }
  }
  return answers
}

const buffers = (answers: readonly WriterAnswer[]) =>
  answers.flatMap((a) => ("value" in a && a.value instanceof ArrayBuffer ? [a.value] : []))

const queue: WriterMessage[] = []
let running = false

async function work(port: NonNullable<typeof parentPort>) {
  if (running) return
  running = true
  for (;;) {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port))
      queue.push(more.message)
    const jobs: WriterJob[] = []
    while (jobs.length < GROUP && queue[0] && queue[0].kind !== "close") jobs.push(queue.shift() as WriterJob)
    if (jobs.length === 0) break
    const answers = await group(jobs)
    port.postMessage(answers, buffers(answers))
  }
  running = false
  if (queue[0]?.kind === "close") {
    tidy()
    sqlite.close()
    port.close()
  }
}

if (refused) port.postMessage({ refused } satisfies WriterOpened)
else {
  port.on("message", (message: WriterMessage) => {
    queue.push(message)
    void work(port)
  })
  port.postMessage({ ...(copied.ok && copied.value ? { copied: copied.value } : {}) } satisfies WriterOpened)
}
