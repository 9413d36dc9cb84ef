/**
 * The writer: a thread that owns the one connection that writes. What has arrived while a COMMIT ran goes into the next
 * one (group-writer.ts), so the price of an fsync is shared by all who wait, and nobody is answered before it
 * (docs/contract.md 1: durable before acknowledged; WAL with synchronous = FULL).
 */
import { DatabaseSync } from "node:sqlite"
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { collectWhenQuiet } from "../ops/quiet.ts"
import { createCheckpoints } from "./checkpoints.ts"
import { copyFirst, type NoRoom } from "./copy-first.ts"
import { isFailedSync, isFailingDisk, unlessFull, writeAgain } from "./failed-sync.ts"
import { createGroupWriter, type WriterAnswer, type WriterJob } from "./group-writer.ts"
import { type MigrationRefusal, migrate } from "./migrate.ts"
import { migrations } from "./migrations/migrations.ts"
import { sqliteTarget } from "./node-sqlite.ts"

export type WriterOptions = {
  readonly path: string
  /**
   * No other process has the file open, as who holds the data folder knows (ops/data-folder.ts). Only then may the WAL be written over
   * itself: beside a house that is open, what that one writes meanwhile would be lost.
   */
  readonly held?: boolean
  readonly maxPages?: number
  /** Gives back what starting took (ops/quiet.ts). */
  readonly tidy?: boolean
  /** For tests: how many pages the WAL has before they are brought into the database. */
  readonly checkpointPages?: number
  /**
   * For tests: while the first Int32 is 1, a COMMIT waits; the second counts the COMMITs that have come to the gate.
   * That nothing is acknowledged before it is durable can only be seen by holding it there.
   */
  readonly gate?: SharedArrayBuffer
}

export type DiskFailed = { readonly kind: "disk_failed"; readonly message: string }

/** Its first word. */
export type WriterOpened = {
  readonly refused?: MigrationRefusal | NoRoom | DiskFailed
  /** What was copied before the schema was brought up to date. */
  readonly copied?: string
}
/** Its last one, where the disk did not keep what was written: whoever still waits has not been heard. */
export type WriterFailed = { readonly failed: DiskFailed }
export type WriterMessage = WriterJob | { readonly id: number; readonly kind: "close" }

/** Jobs in one group: bounds how long the first of them waits. */
const GROUP = 4096

const options = workerData as WriterOptions
const port = parentPort
if (!port) throw new Error("the writer runs in a thread of its own")

type Opened = { readonly sqlite: DatabaseSync; readonly checkpoint: () => void; readonly copied?: string }

/** What is in the files is in them for good, and the disk has taken a write, before anybody is promised anything. */
async function open({ path, held }: WriterOptions): Promise<Result<Opened, MigrationRefusal | NoRoom>> {
  if (held) unlessFull(() => writeAgain(`${path}-wal`))
  const sqlite = new DatabaseSync(path, { timeout: 5000 })
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
  sqlite.exec("PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864")
  const checkpoint = createCheckpoints(sqlite, options.checkpointPages)

  const copied = copyFirst(sqlite, path, { known: migrations, now: Date.now() })
  if (!copied.ok) return copied
  const refused = await migrate(sqliteTarget(sqlite), migrations, Date.now())
  if (refused) return err(refused)
  // The number says nothing; that it could be written says that the disk works.
  if (held) unlessFull(() => sqlite.exec("PRAGMA user_version = 0; PRAGMA wal_checkpoint(PASSIVE)"))
  return ok({ sqlite, checkpoint, ...(copied.value ? { copied: copied.value } : {}) })
}

const failed = (error: unknown): DiskFailed => ({
  kind: "disk_failed",
  message: error instanceof Error ? error.message : "unknown",
})
const opened = await open(options).catch((error: unknown) => {
  if (isFailingDisk(error)) return err(failed(error))
  throw error
})

const gate = options.gate && new Int32Array(options.gate)
function pass() {
  if (!gate) return
  Atomics.add(gate, 1, 1)
  while (Atomics.load(gate, 0) === 1) Atomics.wait(gate, 0, 1)
}

const buffers = (answers: readonly WriterAnswer[]) =>
  answers.flatMap((a) => ("value" in a && a.value instanceof ArrayBuffer ? [a.value] : []))

if (!opened.ok) port.postMessage({ refused: opened.error } satisfies WriterOpened)
else {
  const { sqlite, checkpoint, copied } = opened.value
  // After the migrations: a house that is full must still open, so that what is in it can be read.
  if (options.maxPages) sqlite.exec(`PRAGMA max_page_count = ${Math.floor(options.maxPages)}`)
  const writer = createGroupWriter(sqlite, pass)
  const queue: WriterMessage[] = []
  let running = false

  const work = async () => {
    if (running) return
    running = true
    for (;;) {
      for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port))
        queue.push(more.message)
      const jobs: WriterJob[] = []
      while (jobs.length < GROUP && queue[0] && queue[0].kind !== "close")
        jobs.push(queue.shift() as WriterJob)
      if (jobs.length === 0) break
      const answers = await writer.group(jobs)
      port.postMessage(answers, buffers(answers))
      checkpoint()
    }
    running = false
    if (queue[0]?.kind === "close") {
      writer.tidy()
      sqlite.close()
      port.close()
    }
  }

  const end = (error: unknown) => {
    if (!isFailedSync(error)) throw error
    port.postMessage({ failed: failed(error) } satisfies WriterFailed)
    port.close()
  }
  port.on("message", (message: WriterMessage) => {
    queue.push(message)
    work().catch(end)
  })
  if (options.tidy) collectWhenQuiet()
  port.postMessage({ ...(copied ? { copied } : {}) } satisfies WriterOpened)
}
