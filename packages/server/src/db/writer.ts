/**
 * The writer: a thread that owns the one connection that writes. What has arrived while a COMMIT ran goes into the next
 * one (group-writer.ts), so the price of an fsync is shared by all who wait, and nobody is answered before it
 * (docs/contract.md 1: durable before acknowledged; WAL with synchronous = FULL).
 */
import { DatabaseSync } from "node:sqlite"
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads"
import { copyFirst, type NoRoom } from "./copy-first.ts"
import { createGroupWriter, type WriterAnswer, type WriterJob } from "./group-writer.ts"
import { type MigrationRefusal, migrate } from "./migrate.ts"
import { migrations } from "./migrations/migrations.ts"
import { sqliteTarget } from "./node-sqlite.ts"

export type WriterOptions = {
  readonly path: string
  readonly maxPages?: number
  /**
   * For tests: while the first Int32 is 1, a COMMIT waits; the second counts the COMMITs that have come to the gate.
   * That nothing is acknowledged before it is durable can only be seen by holding it there.
   */
  readonly gate?: SharedArrayBuffer
}

/** Its first word. */
export type WriterOpened = {
  readonly refused?: MigrationRefusal | NoRoom
  /** What was copied before the schema was brought up to date. */
  readonly copied?: string
}
export type WriterMessage = WriterJob | { readonly id: number; readonly kind: "close" }

/** Jobs in one group: bounds how long the first of them waits. */
const GROUP = 4096

const options = workerData as WriterOptions
const port = parentPort
if (!port) throw new Error("the writer runs in a thread of its own")

const sqlite = new DatabaseSync(options.path, { timeout: 5000 })
sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
// A checkpoint every 16 MiB: with many rooms the same pages of the index are written again and again in between.
sqlite.exec(
  "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864",
)

const copied = copyFirst(sqlite, options.path, { known: migrations, now: Date.now() })
const refused = copied.ok ? await migrate(sqliteTarget(sqlite), migrations, Date.now()) : copied.error
// After the migrations: a house that is full must still open, so that what is in it can be read.
if (options.maxPages) sqlite.exec(`PRAGMA max_page_count = ${Math.floor(options.maxPages)}`)

const gate = options.gate && new Int32Array(options.gate)
function pass() {
  if (!gate) return
  Atomics.add(gate, 1, 1)
  while (Atomics.load(gate, 0) === 1) Atomics.wait(gate, 0, 1)
}

const buffers = (answers: readonly WriterAnswer[]) =>
  answers.flatMap((a) => ("value" in a && a.value instanceof ArrayBuffer ? [a.value] : []))

if (refused) port.postMessage({ refused } satisfies WriterOpened)
else {
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
    }
    running = false
    if (queue[0]?.kind === "close") {
      writer.tidy()
      sqlite.close()
      port.close()
    }
  }

  port.on("message", (message: WriterMessage) => {
    queue.push(message)
    void work()
  })
  port.postMessage({ ...(copied.ok && copied.value ? { copied: copied.value } : {}) } satisfies WriterOpened)
}
