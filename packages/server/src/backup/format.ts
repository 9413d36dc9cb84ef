/**
 * A backup is a folder:
 *
 *     manifest.json     what it is, where each room stood (`mark`), how many rows, the SHA-256 of each other part
 *     manifest.sha256   the manifest's own
 *     house.db          all rows, as SQLite, whatever database the house uses
 *     house.json        the house's signing key, without the OPAQUE secret
 *     push.json         the key by which browsers know its pushes, where there is one
 *     opaque.sealed     the OPAQUE secret, sealed to the operator's key; or opaque.txt, as it is
 *     blobs.sha256      one line for each file that people have sent
 *     blobs/ab/…        those files: ciphertexts
 *
 * The two `.sha256` are as `sha256sum -c` reads them. A folder and not one file: its parts can be looked at and copied with
 * anything, files that did not change are the same files next time, and nothing needs twice the space.
 */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open } from "node:fs/promises"
import { count, key32, position, text, time } from "@teahouse/protocol/fields.ts"
import { idText } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"

export const FORMAT = 1

export const MANIFEST = "manifest.json"
export const MANIFEST_SUM = "manifest.sha256"
export const ROWS = "house.db"
export const KEYS = "house.json"
export const PUSH = "push.json"
export const SEALED = "opaque.sealed"
export const UNSEALED = "opaque.txt"
export const BLOB_SUMS = "blobs.sha256"
export const BLOBS = "blobs"

const sum = text(64, 64).check(z.regex(/^[0-9a-f]+$/))
const part = z.strictObject({ bytes: count, sha256: sum })
export type Part = z.infer<typeof part>

export const mark = z.strictObject({
  rooms: count,
  entries: count,
  /** Of the lines of `headsSum`. */
  heads: sum,
})
export type Mark = z.infer<typeof mark>

export const manifest = z.strictObject({
  format: z.literal(FORMAT),
  backup: idText,
  house: idText,
  houseKey: key32,
  incarnation: position,
  /** The newest migration. */
  schema: position,
  time,
  mark,
  /** Rows of each table. */
  rows: z.record(text(1, 64), count),
  files: z.strictObject({
    count,
    bytes: count,
    /** Ids, as hexadecimal, of files that the house should have had when this was taken, and had not. */
    missing: z.array(text(32, 32)),
  }),
  opaque: z.enum(["sealed", "unsealed"]),
  /** To whom it is sealed. */
  operatorKey: z.optional(key32),
  parts: z.record(text(1, 64).check(z.regex(/^[a-z0-9]+\.[a-z0-9]+$/)), part),
})
export type Manifest = z.infer<typeof manifest>

/** What every backup has besides the one part that says how the OPAQUE secret is kept. */
export const needed = (opaque: Manifest["opaque"]): readonly string[] => [
  ...[ROWS, KEYS, BLOB_SUMS],
  opaque === "sealed" ? SEALED : UNSEALED,
]

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")
export const sumLine = (sha256: string, name: string): string => `${sha256}  ${name}\n`

/** Rejects with the system's error where it cannot be read. */
export async function partOf(path: string): Promise<Part> {
  const hash = createHash("sha256")
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest("hex") }
}

/** On stable storage when this resolves; for its owner only. */
export async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx", 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Also a folder's own entries; where a system has no such thing it is not needed. */
export async function syncPath(path: string): Promise<void> {
  try {
    const file = await open(path, "r")
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException
    if (!["EISDIR", "EPERM", "EINVAL", "EACCES"].includes(code)) throw error
  }
}
