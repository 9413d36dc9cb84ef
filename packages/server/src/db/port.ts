/**
 * What the house asks of a database. Reads see a committed snapshot; writes are named functions, each atomic, that run
 * where the adapter wants them (SQLite: one writer thread that joins what waits into one COMMIT).
 *
 * Named functions and not a transaction callback: a callback would hold the writer's transaction open across the main
 * thread's event loop, and a write could not travel to another thread.
 */
import type { Kysely } from "kysely"
import type { AppendRequest, AppendResult } from "../room/log.ts"
import type { Schema } from "./schema.ts"
import type { WriteArgs, WriteName, WriteResult } from "./writes.ts"

export interface Database {
  /** Committed data only, including everything that an answered write has written. */
  readonly read: Kysely<Schema>
  /**
   * Resolves after the write is on stable storage. A refusal changes nothing; so does `storage_full`, which any write
   * may be answered with. `unavailable`: the disk did not keep it (SQLite), and the house is about to end; it may be there
   * when it opens again. Rejects for bugs and after `close`.
   */
  write<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteResult<N>>
  /** The messages' own way through the same queue and the same COMMIT (see room/log.ts). */
  append(requests: readonly AppendRequest[], now: number): Promise<readonly AppendResult[]>
  /** Finishes what was handed in, then closes. */
  close(): Promise<void>
}
