/**
 * Where files' ciphertexts lie on this device: those on their way to the house, and those that were fetched. A file is a row of
 * pieces, each whole or not there, so that a crash leaves nothing half, and any part can be kept without the rest.
 * It holds ciphertext only; keys are in the messages, sealed in the store. What is here can be lost without losing a message.
 * Rejected: one growing file for each (a browser's writable copies the whole file for every change), plaintext in a cache.
 */
import { SEALED_CHUNK } from "../crypto/stream.ts"

export const CHUNKS_PER_PIECE = 16
/** Bytes of a piece but for a file's last one: 4 MiB of plaintext. It is also what one request brings or takes. */
export const PIECE = CHUNKS_PER_PIECE * SEALED_CHUNK
export const piecesOf = (sealedSize: number): number => Math.ceil(sealedSize / PIECE)
export const pieceSize = (sealedSize: number, piece: number): number =>
  Math.min(PIECE, sealedSize - piece * PIECE)

export interface FileStage {
  /** False where the device has no room for it. The bytes are the caller's again afterwards, and are written over. */
  write(file: string, piece: number, bytes: Uint8Array): Promise<boolean>
  /** Bytes `from` to `to` of the piece; undefined where it is not there. */
  read(file: string, piece: number, from: number, to: number): Promise<Uint8Array | undefined>
  /** With all its pieces; also where there are none. */
  remove(file: string): Promise<void>
  list(): Promise<readonly string[]>
  /** Of the whole device or origin, where that can be told. */
  room(): Promise<{ readonly used?: number; readonly quota?: number }>
}

export interface FileStages {
  open(account: string): Promise<FileStage>
  /** All files of an account. */
  remove(account: string): Promise<void>
}
