/** Where this house's blobs are: files in a folder, or a bucket where the configuration names one. */
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Problem } from "../config/settings.ts"
import { folderStore } from "./folder.ts"
import type { BlobStore } from "./port.ts"
import type { S3Place } from "./s3/bucket.ts"

export type BlobsAt = {
  readonly data: string
  readonly blobs?: string
  readonly s3?: S3Place
}
/** Which house, and which life of its log. */
export type BlobsOf = { readonly house: Id; readonly incarnation: number }

export const blobFolder = ({ data, blobs = join(data, "blobs") }: BlobsAt): string => blobs

export async function openBlobStore(
  at: BlobsAt,
  of: BlobsOf,
  onTrouble?: (problem: Problem) => void,
): Promise<BlobStore> {
  if (!at.s3) return folderStore(blobFolder(at), onTrouble)
  return bucketStore(at.s3, of, onTrouble)
}

export async function bucketStore(
  place: S3Place,
  { house, incarnation }: BlobsOf,
  onTrouble?: (problem: Problem) => void,
): Promise<BlobStore> {
  // Nobody without a bucket loads what speaks with one.
  const [{ openBucket }, { lifeName, s3Store }] = await Promise.all([
    import("./s3/bucket.ts"),
    import("./s3/store.ts"),
  ])
  return s3Store({
    bucket: openBucket(place),
    life: lifeName(house, incarnation),
    ...(onTrouble ? { onTrouble } : {}),
  })
}

const TOLD_MS = 60_000

/** The same trouble is said once a minute. */
export function seldom(say: (problem: Problem) => void, now: () => number): (problem: Problem) => void {
  const told = new Map<string, number>()
  return (problem) => {
    if (now() - (told.get(problem.en) ?? Number.NEGATIVE_INFINITY) < TOLD_MS) return
    told.set(problem.en, now())
    say(problem)
  }
}
