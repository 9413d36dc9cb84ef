/**
 * Group commit on one connection: what waits goes into one transaction (docs/contract.md 1). writer.ts runs it in a thread of
 * its own; the simulation (test/sim) runs the same on a virtual disk.
 *
 * Each write runs in a savepoint, so that its refusal undoes it alone. Should anything throw, the group is rolled back
 * and its jobs run again one by one: only the guilty one fails. A write does nothing but SQL, so running it again is safe.
 * A disk that did not keep a COMMIT is the exception: nobody is guilty, nothing is tried again, and the group throws.
 */
import type { DatabaseSync } from "node:sqlite"
import type { Result } from "@teahouse/protocol/result.ts"
import { createAppender } from "../room/appender.ts"
import { isFailedSync } from "./failed-sync.ts"
import { kyselyOver } from "./node-sqlite.ts"
import { SQLITE_FULL, sqliteCode } from "./write-failed.ts"
import { writeNamed } from "./writes.ts"

export type WriterJob =
  | { readonly id: number; readonly kind: "write"; readonly name: string; readonly args: unknown }
  | { readonly id: number; readonly kind: "append"; readonly batch: ArrayBuffer; readonly now: number }

/** `full`: the storage is full. `error`: a bug, or a failing disk, and then with its code; its message never holds values of rows. */
export type WriterAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly full: true }
  | { readonly id: number; readonly error: string; readonly code?: string }

/** The schema is there. `beforeCommit` may wait, as a disk does, or throw, as one that is full does. */
export function createGroupWriter(sqlite: DatabaseSync, beforeCommit: () => void = () => {}) {
  const db = kyselyOver(sqlite)
  const appender = createAppender(sqlite)
  const sql = (text: string) => {
    const statement = sqlite.prepare(text)
    return () => statement.run()
  }
  const begin = sql("BEGIN IMMEDIATE")
  const commit = sql("COMMIT")
  const savepoint = sql("SAVEPOINT job")
  const release = sql("RELEASE job")
  const undo = sql("ROLLBACK TO job")

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
    beforeCommit()
    commit()
    return answers
  }

  /** SQLite may have rolled back by itself. */
  function abandon() {
    appender.forget(true)
    if (sqlite.isTransaction) sqlite.exec("ROLLBACK")
  }

  return {
    /** Answers in the order of the jobs, each once it is on stable storage. Throws where the disk did not keep it: use it no more. */
    async group(jobs: readonly WriterJob[]): Promise<WriterAnswer[]> {
      try {
        return await together(jobs)
      } catch (error) {
        abandon()
        if (isFailedSync(error)) throw error
        const [only] = jobs
        if (jobs.length === 1 && only) return [failure(only.id, error)]
      }
      const answers: WriterAnswer[] = []
      for (const job of jobs) {
        try {
          answers.push(...(await together([job])))
        } catch (error) {
          abandon()
          if (isFailedSync(error)) throw error
          answers.push(failure(job.id, error))
        }
      }
      return answers
    },
    /** Nothing is lost without it: the rows are read together with the log's tail. */
    tidy() {
      if (!appender.behind) return
      try {
        begin()
        appender.flush()
        commit()
      } catch {
        abandon()
      }
    },
  }
}

function failure(id: number, error: unknown): WriterAnswer {
  if ((error as { errcode?: unknown }).errcode === SQLITE_FULL) return { id, full: true }
  const code = sqliteCode(error)
  const message = error instanceof Error ? error.message : "unknown"
  return { id, error: message, ...(code === undefined ? {} : { code }) }
}
