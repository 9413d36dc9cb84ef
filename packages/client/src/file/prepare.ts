/**
 * Encrypts a picked file into the stage, once: what is uploaded, sent again after a reload, and shown here at once are the same
 * bytes, and neither the plaintext nor the picker's handle has to survive anything. One piece is in memory, however long the
 * file is. It cannot be gone on with after a restart, because the handle is gone; it takes seconds where an upload takes hours.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import type { SealedFile } from "../content/file.ts"
import type { FileCrypto } from "../crypto/port.ts"
import { CHUNK, chunkSize, chunksOf, SEALED_CHUNK } from "../crypto/stream.ts"
import type { FileSource } from "../view/port/files.ts"
import { CHUNKS_PER_PIECE, type FileStage, pieceSize, piecesOf } from "./stage.ts"

export type Prepared =
  | { readonly ok: true; readonly sha256: Uint8Array }
  /** `full`: no room on this device. `gone`: the file was changed or taken away while it was read. `stopped`: not wanted. */
  | { readonly ok: false; readonly why: "full" | "gone" | "stopped" }

export type PrepareParts = {
  readonly crypto: FileCrypto
  readonly stage: FileStage
  /** Asked before each piece. */
  readonly wanted: () => boolean
  readonly progress: (fraction: number) => void
}

export async function prepare(
  { crypto, stage, wanted, progress }: PrepareParts,
  file: Omit<SealedFile, "sha256" | "token">,
  source: FileSource,
): Promise<Prepared> {
  const cipher = await crypto.cipher(file)
  if (!cipher) throw new Error("a key of our own that fits no cipher")
  const { size, sealedSize, blob } = file
  const last = chunksOf(size) - 1
  const pieces = piecesOf(sealedSize)
  const hash = sha256.create()
  // One for all pieces: what is thrown away for each of them stays in memory until somebody collects it.
  const room = new Uint8Array(pieceSize(sealedSize, 0))
  for (let piece = 0; piece < pieces; piece++) {
    if (!wanted()) return { ok: false, why: "stopped" }
    const first = piece * CHUNKS_PER_PIECE
    const plain = await readPlain(source, first * CHUNK, Math.min(size, (first + CHUNKS_PER_PIECE) * CHUNK))
    if (!plain) return { ok: false, why: "gone" }
    const sealed = room.subarray(0, pieceSize(sealedSize, piece))
    for (let i = 0; i < CHUNKS_PER_PIECE && first + i <= last; i++) {
      const number = first + i
      const part = plain.subarray(i * CHUNK, (i + 1) * CHUNK)
      const padded = chunkSize(size, number)
      const whole = part.length === padded ? part : new Uint8Array(padded)
      if (whole !== part) whole.set(part)
      sealed.set(await cipher.seal(number, number === last, whole), i * SEALED_CHUNK)
    }
    hash.update(sealed)
    if (!(await stage.write(blob, piece, sealed))) return { ok: false, why: "full" }
    progress((piece + 1) / pieces)
  }
  return { ok: true, sha256: hash.digest() }
}

/** undefined: a browser's file is a promise that the disk may break. */
async function readPlain(source: FileSource, from: number, to: number): Promise<Uint8Array | undefined> {
  if (to <= from) return new Uint8Array()
  try {
    const bytes = new Uint8Array(await source.slice(from, to).arrayBuffer())
    return bytes.length === to - from ? bytes : undefined
  } catch {
    return undefined
  }
}
