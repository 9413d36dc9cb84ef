/**
 * SQLite: this thread reads over a connection of its own, one other thread writes (writer.ts), because SQLite is
 * synchronous and an fsync on a slow disk must not stall a socket. WAL gives readers the last commit while a write runs.
 */
import { once } from "node:events"
import { DatabaseSync } from "node:sqlite"
import { Worker } from "node:worker_threads"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { readAnswers, writeBatch } from "../room/append-batch.ts"
import type { AppendRequest } from "../room/log.ts"
import type { NoRoom } from "./copy-first.ts"
import type { WriterAnswer } from "./group-writer.ts"
import type { MigrationRefusal } from "./migrate.ts"
import { kyselyOver } from "./node-sqlite.ts"
import type { Database } from "./port.ts"
import type { WriterMessage, WriterOpened, WriterOptions } from "./writer.ts"

export type SqliteOptions = {
  readonly path: string
  /** Bound of the file's size in pages of 4 KiB; past it, writes are answered `storage_full`. */
  readonly maxPages?: number
  /** The writer's program, where it is not the file beside this one. */
  readonly writer?: URL
  /** For tests: see `WriterOptions`. */
  readonly gate?: SharedArrayBuffer
  /** The writer died: nothing can be written any more, so the house has to stop. */
  readonly onFatal?: (error: Error) => void
  /** An older program's database was copied, there, before it was changed. */
  readonly onCopied?: (path: string) => void
}

type Waiting = { readonly resolve: (answer: WriterAnswer) => void; readonly reject: (error: Error) => void }

export async function openSqlite(
  options: SqliteOptions,
): Promise<Result<Database, MigrationRefusal | NoRoom>> {
  const { path, maxPages, gate } = options
  const workerData: WriterOptions = { path, ...(maxPages ? { maxPages } : {}), ...(gate ? { gate } : {}) }
  const worker = new Worker(options.writer ?? new URL("./writer.ts", import.meta.url), { workerData })
  const [first] = (await once(worker, "message")) as [WriterOpened]
  if (first.refused) {
    await worker.terminate()
    return err(first.refused)
  }
  if (first.copied) options.onCopied?.(first.copied)

  const sqlite = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  sqlite.exec("PRAGMA query_only = 1; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let closed: Error | undefined

  const fail = (error: Error) => {
    closed = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on("message", (answers: readonly WriterAnswer[]) => {
    for (const answer of answers) {
      const one = waiting.get(answer.id)
      waiting.delete(answer.id)
      one?.resolve(answer)
    }
  })
  worker.on("error", (cause) => {
    const error = new Error("the database's writer failed", { cause })
    fail(error)
    options.onFatal?.(error)
  })
  worker.on("exit", () => fail(closed ?? new Error("the database is closed")))

  const ask = (message: WriterMessage, transfer: ArrayBuffer[]): Promise<WriterAnswer> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closed)
      waiting.set(message.id, { resolve, reject })
      worker.postMessage(message, transfer)
    })
  const outcome = (answer: WriterAnswer): unknown => {
    if ("error" in answer) throw new Error(`a write failed: ${answer.error}`)
    return "full" in answer ? err(refuse("storage_full")) : answer.value
  }

  return ok({
    read: kyselyOver(sqlite),
    async write(name, args) {
      return outcome(await ask({ id: nextId++, kind: "write", name, args }, [])) as never
    },
    async append(requests: readonly AppendRequest[], now: number) {
      const batch = writeBatch(requests)
      const value = outcome(await ask({ id: nextId++, kind: "append", batch, now }, [batch]))
      if (value instanceof ArrayBuffer) return readAnswers(value)
      const refused = value as Result<never, Refusal>
      return requests.map(() => refused)
    },
    async close() {
      if (closed) return
      const exit = once(worker, "exit")
      worker.postMessage({ id: 0, kind: "close" } satisfies WriterMessage)
      await exit
      sqlite.close()
    },
  })
}
