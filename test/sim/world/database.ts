/**
 * The house's database on a virtual disk: the real group commit (packages/server/src/db/group-writer.ts) and the real tables in
 * SQLite's memory. What has come while a commit ran goes into the next one. A house that dies loses what was not committed, and
 * of what was, perhaps the answer.
 */
import type { DatabaseSync } from "node:sqlite"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, type Result } from "@teahouse/protocol/result.ts"
import { createGroupWriter, type WriterJob } from "@teahouse/server/db/group-writer.ts"
import { kyselyOver } from "@teahouse/server/db/node-sqlite.ts"
import type { Database } from "@teahouse/server/db/port.ts"
import { readAnswers, writeBatch } from "@teahouse/server/room/append-batch.ts"
import type { Rng } from "./random.ts"
import type { Process, Time } from "./time.ts"

export type HouseDisk = { readonly sqlite: DatabaseSync; fullUntil: number; slowUntil: number }

type Waiting = {
  readonly job: WriterJob
  readonly done: (value: unknown) => void
  readonly failed: (error: Error) => void
}

const FULL = Object.assign(new Error("full"), { errcode: 13 })

export function openVirtualDatabase(
  disk: HouseDisk,
  time: Time,
  process: Process,
  rng: Rng,
  onCommit: () => void,
): Database {
  const writer = createGroupWriter(disk.sqlite, () => {
    if (time.now() < disk.fullUntil) throw FULL
  })
  const queue: Waiting[] = []
  let busy = false
  let nextId = 1

  const latency = () => (time.now() < disk.slowUntil ? rng.between(100, 3_000) : rng.between(0, 8))

  function work() {
    if (busy || queue.length === 0) return
    busy = true
    time.after(latency(), process, "commit", () => {
      const these = queue.splice(0)
      void writer.group(these.map(({ job }) => job)).then((answers) => {
        onCommit()
        time.after(rng.between(0, 2), process, "committed", () => {
          busy = false
          answers.forEach((answer, i) => {
            const { done, failed } = these[i] as Waiting
            if ("error" in answer) failed(new Error(`a write failed: ${answer.error}`))
            else done("full" in answer ? err(refuse("storage_full")) : answer.value)
          })
          work()
        })
      })
    })
  }

  const ask = (job: WriterJob): Promise<unknown> =>
    new Promise((done, failed) => {
      queue.push({ job, done, failed })
      work()
    })

  return {
    read: kyselyOver(disk.sqlite),
    write: (name, args) => ask({ id: nextId++, kind: "write", name, args }) as never,
    async append(requests, now) {
      const value = await ask({ id: nextId++, kind: "append", batch: writeBatch(requests), now })
      if (value instanceof ArrayBuffer) return readAnswers(value)
      const refused = value as Result<never, Refusal>
      return requests.map(() => refused)
    },
    close: async () => {},
  }
}
