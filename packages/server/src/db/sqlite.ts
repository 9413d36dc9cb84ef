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
import { sqliteCode, writeFailed } from "./write-failed.ts"
import type { DiskFailed, WriterFailed, WriterMessage, WriterOpened, WriterOptions } from "./writer.ts"

export type SqliteOptions = {
  readonly path: string
  /** See `WriterOptions`. */
  readonly held?: boolean
  /** Bound of the file's size in pages of 4 KiB; past it, writes are answered `storage_full`. */
  readonly maxPages?: number
  /** See `WriterOptions`. */
  readonly tidy?: boolean
  /** For tests: see `WriterOptions`. */
  readonly checkpointPages?: number
  /** The writer's program, where it is not the file beside this one. */
  readonly writer?: URL
  /** For tests: see `WriterOptions`. */
  readonly gate?: SharedArrayBuffer
  /**
   * The writer died: nothing can be written any more, so the house has to stop. `disk_failed`: because the disk did not keep
   * something; whoever waited, and whoever asks now, is answered `unavailable`.
   */
  readonly onFatal?: (error: Error, why?: DiskFailed["kind"]) => void
  /** A write found no room, by the database's code. */
  readonly onFull?: (code: string) => void
  /** An older program's database was copied, there, before it was changed. */
  readonly onCopied?: (path: string) => void
}

/** Nobody knows whether it is on the disk, and the next start finds out: asking again is harmless then (docs/contract.md 4). */
type Unheard = { readonly unheard: true }
type Waiting = {
  readonly resolve: (answer: WriterAnswer | Unheard) => void
  readonly reject: (error: Error) => void
}

export type SqliteRefusal = MigrationRefusal | NoRoom | DiskFailed

export async function openSqlite(options: SqliteOptions): Promise<Result<Database, SqliteRefusal>> {
  const { path, held = false, maxPages, checkpointPages, gate, tidy = false } = options
  const workerData: WriterOptions = {
    ...{ path, held, tidy },
    ...(maxPages ? { maxPages } : {}),
    ...(checkpointPages ? { checkpointPages } : {}),
    ...(gate ? { gate } : {}),
  }
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
  let unheard: Unheard | undefined

  const fail = (error: Error) => {
    closed = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on("message", (answers: readonly WriterAnswer[] | WriterFailed) => {
    if ("failed" in answers) {
      const { kind, message } = answers.failed
      unheard = { unheard: true }
      for (const { resolve } of waiting.values()) resolve(unheard)
      waiting.clear()
      options.onFatal?.(new Error(message), kind)
      return
    }
    for (const answer of answers) {
      const one = waiting.get(answer.id)
      waiting.delete(answer.id)
      one?.resolve(answer)
    }
  })
  worker.on("error", (cause) => {
    const error = writeFailed("the database's writer failed", sqliteCode(cause), cause)
    fail(error)
    options.onFatal?.(error)
  })
  worker.on("exit", () => fail(closed ?? new Error("the database is closed")))

  const ask = (message: WriterMessage, transfer: ArrayBuffer[]): Promise<WriterAnswer | Unheard> =>
    new Promise((resolve, reject) => {
      if (unheard) return resolve(unheard)
      if (closed) return reject(closed)
      waiting.set(message.id, { resolve, reject })
      worker.postMessage(message, transfer)
    })
  const outcome = (answer: WriterAnswer | Unheard): unknown => {
    if ("unheard" in answer) return err(refuse("unavailable"))
    if ("error" in answer) throw writeFailed(`a write failed: ${answer.error}`, answer.code)
    if (!("full" in answer)) return answer.value
    options.onFull?.("SQLITE_FULL")
    return err(refuse("storage_full"))
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
      if (closed || unheard) return
      const exit = once(worker, "exit")
      worker.postMessage({ id: 0, kind: "close" } satisfies WriterMessage)
      await exit
      sqlite.close()
    },
  })
}
