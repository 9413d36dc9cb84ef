/**
 * Reads a file that a message speaks of, from any place: pieces come from the stage or from the house, chunks are opened one by
 * one, and what does not open is refused as a whole. Read from beginning to end, the hash of the ciphertext is compared too.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { SealedFile } from "../content/file.ts"
import type { FileCrypto } from "../crypto/port.ts"
import { CHUNK, chunksOf, SEALED_CHUNK, sealedSizeOf } from "../crypto/stream.ts"
import type { Problem } from "../problem.ts"
import { CHUNKS_PER_PIECE } from "./stage.ts"

export type FileReader = {
  readonly size: number
  /** The plain bytes from `from` up to and without `to`, at most to the end; more than a few MiB are asked for in parts. */
  range(from: number, to: number): Promise<Result<Uint8Array, Problem>>
  /** The whole file, chunk by chunk; ends after the first problem. */
  all(): AsyncIterable<Result<Uint8Array, Problem>>
}

/** Where pieces come from, and how a damaged file is forgotten there (pieces.ts). */
type PieceSource<F> = {
  read(file: F, piece: number, from: number, to: number): Promise<Result<Uint8Array, Problem>>
  forget(file: F): Promise<void>
}

const damaged: Result<never, Problem> = err({ kind: "file_damaged" })

/** undefined: key, header and sizes do not fit each other, so there is nothing to fetch. */
export async function openReader<F extends Omit<SealedFile, "token">>(
  crypto: FileCrypto,
  pieces: PieceSource<F>,
  file: F,
): Promise<FileReader | undefined> {
  const { size } = file
  const cipher = sealedSizeOf(size) === file.sealedSize ? await crypto.cipher(file) : undefined
  if (!cipher) return undefined
  const last = chunksOf(size) - 1

  const sealedChunk = (number: number) => {
    const at = (number % CHUNKS_PER_PIECE) * SEALED_CHUNK
    const piece = Math.floor(number / CHUNKS_PER_PIECE)
    const end =
      number === last ? file.sealedSize - piece * CHUNKS_PER_PIECE * SEALED_CHUNK : at + SEALED_CHUNK
    return pieces.read(file, piece, at, end)
  }
  const open = async (number: number, sealed: Uint8Array): Promise<Result<Uint8Array, Problem>> => {
    const plain = await cipher.open(number, number === last, sealed)
    if (plain.ok) return ok(plain.value.subarray(0, Math.max(0, size - number * CHUNK)))
    // What is kept here may be what is damaged: the next attempt asks the house.
    await pieces.forget(file)
    return damaged
  }

  return {
    size,
    async range(from, to) {
      const end = Math.min(to, size)
      const out = new Uint8Array(Math.max(0, end - from))
      for (let at = from; at < end; ) {
        const number = Math.floor(at / CHUNK)
        const sealed = await sealedChunk(number)
        if (!sealed.ok) return sealed
        const plain = await open(number, sealed.value)
        if (!plain.ok) return plain
        const part = plain.value.subarray(at - number * CHUNK, end - number * CHUNK)
        out.set(part, at - from)
        at += part.length
      }
      return ok(out)
    },
    async *all() {
      const hash = sha256.create()
      for (let number = 0; number <= last; number++) {
        const sealed = await sealedChunk(number)
        if (!sealed.ok) return yield sealed
        hash.update(sealed.value)
        const plain = await open(number, sealed.value)
        if (!plain.ok) return yield plain
        if (number === last && !sameBytes(hash.digest(), file.sha256)) return yield damaged
        if (plain.value.length > 0) yield plain
      }
    },
  }
}
