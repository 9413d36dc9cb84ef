/**
 * Ciphertext by pieces: from this device if it is here, else from the house, and then it stays here so that it can be read
 * without a network. What was used longest ago goes first when it becomes too much; what is on its way up never goes.
 */

import type { Id } from "@teahouse/protocol/ids.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { SealedFile } from "../content/file.ts"
import type { Clock } from "../platform.ts"
import type { Problem } from "../problem.ts"
import type { SealedStore } from "../store/sealed.ts"
import type { BlobHttp } from "./blob-http.ts"
import { type FileStage, PIECE, pieceSize } from "./stage.ts"

/** What is kept of a file. */
export type KeptFile = {
  readonly room: Id
  readonly bytes: number
  readonly used: number
  /** On its way to the house. */
  readonly pending?: boolean
}
const PREFIX = "file/"
const keyOf = (blob: string) => PREFIX + blob
/** How exactly the order of use is kept, ms: not a write for every chunk that is read. */
const USED_MS = 60_000

export type Pieces = Awaited<ReturnType<typeof openPieces>>
export type PiecesParts = {
  readonly store: SealedStore
  readonly stage: FileStage
  readonly http: BlobHttp
  readonly clock: Clock
  readonly maxBytes: number
  /** Whether a file of the stage is somebody else's: of a draft. */
  readonly foreign?: (file: string) => boolean
  readonly onChange: () => void
}

export async function openPieces(parts: PiecesParts) {
  const { store, stage, http, clock, maxBytes, foreign, onChange } = parts
  const kept = new Map<string, KeptFile>()
  for (const { key, value } of await store.range<KeptFile>(PREFIX)) kept.set(key.slice(PREFIX.length), value)
  for (const file of await stage.list()) if (!kept.has(file) && !foreign?.(file)) await stage.remove(file)
  const rooms = new Map<string, Id>()
  const coming = new Map<string, Promise<Result<Uint8Array, Problem>>>()

  const put = async (blob: string, value: KeptFile) => {
    kept.set(blob, value)
    await store.write([{ put: keyOf(blob), value }])
    onChange()
  }
  const remove = async (blob: string) => {
    kept.delete(blob)
    await store.write([{ drop: keyOf(blob) }])
    await stage.remove(blob)
    onChange()
  }

  const makeRoom = async (wanted: string) => {
    let total = 0
    for (const { bytes } of kept.values()) total += bytes
    const oldest = [...kept].filter(([blob, file]) => !file.pending && blob !== wanted)
    oldest.sort(([, a], [, b]) => a.used - b.used)
    for (const [blob, { bytes }] of oldest) {
      if (total <= maxBytes) return
      await remove(blob)
      total -= bytes
    }
  }

  const keep = async (file: SealedFile, piece: number, bytes: Uint8Array) => {
    const room = rooms.get(file.blob)
    if (!room || !(await stage.write(file.blob, piece, bytes))) return
    const before = kept.get(file.blob)
    await put(file.blob, {
      room,
      bytes: (before?.bytes ?? 0) + bytes.length,
      used: clock(),
      ...(before?.pending ? { pending: true } : {}),
    })
    await makeRoom(file.blob)
  }

  const fetchPiece = (file: SealedFile, piece: number): Promise<Result<Uint8Array, Problem>> => {
    const key = `${file.blob} ${piece}`
    const known = coming.get(key)
    if (known !== undefined) return known
    const from = piece * PIECE
    const fetched = http.read(file, from, from + pieceSize(file.sealedSize, piece)).then(async (bytes) => {
      if (bytes.ok) await keep(file, piece, bytes.value)
      return bytes
    })
    coming.set(key, fetched)
    void fetched.finally(() => coming.delete(key)).catch(() => {})
    return fetched
  }

  return {
    /** Which chat a file belongs to, before it is read. */
    belongs(blob: Id, room: Id) {
      rooms.set(blob, room)
    },
    async read(
      file: SealedFile,
      piece: number,
      from: number,
      to: number,
    ): Promise<Result<Uint8Array, Problem>> {
      const here = await stage.read(file.blob, piece, from, to)
      if (here?.length === to - from) {
        const known = kept.get(file.blob)
        const used = clock()
        if (known && used - known.used > USED_MS) await put(file.blob, { ...known, used })
        return ok(here)
      }
      const fetched = await fetchPiece(file, piece)
      return fetched.ok ? ok(fetched.value.subarray(from, to)) : fetched
    },
    /** One's own file, encrypted here. */
    pending: (blob: Id, room: Id, bytes: number) => put(blob, { room, bytes, used: clock(), pending: true }),
    async settled(blob: Id) {
      const known = kept.get(blob)
      if (!known?.pending) return
      const { pending: _, ...rest } = known
      await put(blob, rest)
      await makeRoom(blob)
    },
    async forget(file: Pick<SealedFile, "blob">) {
      if (!kept.get(file.blob)?.pending) await remove(file.blob)
    },
    remove,
    isPending: (blob: string) => kept.get(blob)?.pending === true,
    all: (): ReadonlyMap<string, KeptFile> => kept,
    maxBytes,
    async clear(room?: Id) {
      for (const [blob, file] of [...kept])
        if (!file.pending && (room === undefined || file.room === room)) await remove(blob)
    },
  }
}
