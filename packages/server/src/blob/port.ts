/**
 * Where blobs' bytes are. The database says which blobs there are and how far each is stored; a store only keeps bytes under
 * an id. What it has beyond that is of no account: it is written over, or swept.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Problem } from "../config/settings.ts"

export type Appended = {
  /** Bytes that came and are on stable storage, even where the line was cut in between. */
  readonly written: number
  /**
   * `full`: the storage took no more. `away`: it cannot be reached for now, does not want us, or did not keep what
   * it was given. `too_long`: more came than
   * `max`; what is beyond was not written.
   */
  readonly problem?: "full" | "away" | "too_long"
}

/** What reading, removing and listing throw where the storage cannot be reached for now, or does not want us. */
export abstract class BlobsAway extends Error {
  abstract readonly problem: Problem
}
export const isAway = (error: unknown): error is BlobsAway => error instanceof BlobsAway

export interface BlobStore {
  /**
   * Writes what comes at `offset`, which is where the blob ends or before; at most `max` bytes, with no more of them in memory
   * than the source has in hand. Resolves when they are on stable storage. A source that fails ends it like one that ends.
   */
  append(blob: Id, offset: number, source: AsyncIterable<Uint8Array>, max: number): Promise<Appended>
  /** How much there is; undefined: nothing of this blob. */
  size(blob: Id): Promise<number | undefined>
  /** From `from` up to and without `to`; fails where there is less. */
  read(blob: Id, from: number, to: number): AsyncIterable<Uint8Array>
  /** Also where there is none. Whoever is reading it may get to the end. */
  remove(blob: Id): Promise<void>
  /** Every blob of which there is anything. */
  list(): AsyncIterable<Id>
}
