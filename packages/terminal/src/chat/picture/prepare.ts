/**
 * A file before it leaves the device: a picture loses what its camera wrote beside it (UX 23), losslessly, and gets its measures and its
 * 25 bytes of colours. What lies on its side keeps the word for that and nothing else, for it is not drawn anew here.
 */

import { openAsBlob } from "node:fs"
import { open, stat } from "node:fs/promises"
import { basename } from "node:path"
import { clean } from "@teahouse/client/media/clean.ts"
import { formatOf, HEAD_BYTES, isPicture } from "@teahouse/client/media/format.ts"
import { jpegFacts } from "@teahouse/client/media/jpeg.ts"
import { typeOfName } from "@teahouse/client/media/type-of-name.ts"
import type { FileToSend } from "@teahouse/client/view/port/files.ts"
import { decodePicture, scaled } from "./pixels.ts"

/** A larger picture goes as it is: it is not taken into memory. */
const MOST = 64 * 1024 * 1024
/** ThumbHash takes at most 100 × 100. */
const HASH_SIDE = 96

/** `uncleaned`: a picture whose camera's words could not be taken out. Throws what the system says of the path. */
export async function fileToSend(path: string): Promise<Prepared> {
  // What the system says of a folder, or of what may not be read, is said now and not while it is sent.
  await (await open(path)).close()
  if ((await stat(path)).isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" })
  return blobToSend(await openAsBlob(path), basename(path))
}

type Prepared = { readonly file: FileToSend; readonly uncleaned: boolean }

export async function blobToSend(blob: Blob, name: string): Promise<Prepared> {
  const { size } = blob
  const plain: FileToSend = {
    source: { size, slice: (from, to) => blob.slice(from, to) },
    ...{ name, type: typeOfName(name) },
  }
  const format = formatOf(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()))
  if (!format || !isPicture(format)) return { file: plain, uncleaned: false }
  if (size > MOST) return { file: plain, uncleaned: true }
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const orientation = format === "jpeg" ? (jpegFacts(bytes)?.orientation ?? 1) : 1
  const cleaned = clean(format, bytes, orientation)
  if (!cleaned) return { file: plain, uncleaned: true }
  const body = new Blob([cleaned])
  const source = { size: body.size, slice: (from: number, to: number) => body.slice(from, to) }
  const media = orientation === 1 ? await measured(cleaned) : undefined
  return { file: { ...plain, source, ...(media ? { media } : {}) }, uncleaned: false }
}

async function measured(bytes: Uint8Array): Promise<FileToSend["media"]> {
  const pixels = await decodePicture(bytes)
  if (!pixels) return undefined
  const { width, height } = pixels
  const scale = Math.min(1, HASH_SIDE / Math.max(width, height))
  const small = scaled(
    pixels,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  )
  const { rgbaToThumbHash } = await import("thumbhash")
  return { kind: "image", width, height, thumbhash: rgbaToThumbHash(small.width, small.height, small.data) }
}
