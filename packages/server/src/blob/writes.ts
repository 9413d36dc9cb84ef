/** The writes of blobs, by name (db/writes.ts). Bytes of files are no business of the database. */

import { emptyEntries } from "./writes/empty.ts"
import { holdReferences, letReferencesGo, settleReferences } from "./writes/references.ts"
import { sweepBlobs } from "./writes/sweep.ts"
import { advanceUpload, createUpload, dropUpload } from "./writes/upload.ts"

export const blobWrites = {
  "blob.create": createUpload,
  "blob.advance": advanceUpload,
  "blob.drop": dropUpload,
  "blob.hold": holdReferences,
  "blob.settle": settleReferences,
  "blob.letGo": letReferencesGo,
  "blob.empty": emptyEntries,
  "blob.sweep": sweepBlobs,
} as const
