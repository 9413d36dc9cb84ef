/**
 * Moves a house's blobs from one store to another: of each as much as its row speaks of, read back and compared. What is there
 * already and is the same stays, so that a copy that was interrupted goes on. Nothing is taken away from where it was.
 */
import { createHash } from "node:crypto"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { CopyProgress } from "../db/copy.ts"
import type { Raw } from "../db/raw.ts"
import { type BlobStore, isAway } from "./port.ts"

/** `full`: the target took no more. */
export type BlobCopyRefusal = { readonly kind: "full" } | { readonly kind: "differs"; readonly blob: Id }
export type BlobsCopied = {
  readonly count: number
  readonly bytes: number
  /** Of which the source has less than their rows say: lost before this. */
  readonly missing: readonly Id[]
}

export async function copyBlobs(
  db: Raw,
  from: BlobStore,
  to: BlobStore,
  onProgress: CopyProgress,
): Promise<Result<BlobsCopied, BlobCopyRefusal>> {
  const rows = await db.query("SELECT * FROM blob_file ORDER BY id")
  const missing: Id[] = []
  let [count, bytes] = [0, 0]
  for (const row of rows) {
    const [blob, length] = [idFrom(new Uint8Array(row.id as Uint8Array)), Number(row.stored)]
    if (length > 0) {
      const copied = await copyBlob(from, to, blob, length)
      if (!copied.ok) return copied
      if (copied.value) {
        count++
        bytes += length
      } else missing.push(blob)
    }
    onProgress("copy", "blobs", count + missing.length, rows.length)
  }
  return ok({ count, bytes, missing })
}

/** False: there is less of it than that. */
async function copyBlob(
  from: BlobStore,
  to: BlobStore,
  blob: Id,
  length: number,
): Promise<Result<boolean, BlobCopyRefusal>> {
  if (((await from.size(blob)) ?? 0) < length) return ok(false)
  const there = await to.size(blob)
  if (there === length && (await sumOf(to, blob, length)) === (await sumOf(from, blob, length)))
    return ok(true)
  if (there !== undefined) await to.remove(blob)
  const hash = createHash("sha256")
  let failed: unknown
  async function* source() {
    try {
      for await (const part of from.read(blob, 0, length)) {
        hash.update(part)
        yield part
      }
    } catch (error) {
      failed = error
      throw error
    }
  }
  const { written, problem } = await to.append(blob, 0, source(), length)
  if (problem === "full") return err({ kind: "full" })
  // A store that ends a source which failed does not say why.
  if (isAway(failed)) throw failed
  if (problem === "away") await to.size(blob)
  if (written !== length) return failed ? ok(false) : err({ kind: "differs", blob })
  return (await sumOf(to, blob, length)) === hash.digest("hex") ? ok(true) : err({ kind: "differs", blob })
}

async function sumOf(store: BlobStore, blob: Id, length: number): Promise<string> {
  const hash = createHash("sha256")
  for await (const part of store.read(blob, 0, length)) hash.update(part)
  return hash.digest("hex")
}
