/**
 * Blobs in a bucket of an S3-compatible store (docs/decisions/39). A blob is pieces (pieces.ts) under `<life>/<blob>/`, where the
 * life is the house and the incarnation of its log: a backup that is restored elsewhere with the same configuration
 * cannot take away what the house before it still needs.
 *
 * Memory is bounded: an upload holds no more than one piece, and all of them together no more than `BUDGET`; where many
 * come at once, pieces are smaller, and are joined by later ones.
 */
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Problem } from "../../config/settings.ts"
import type { Appended, BlobStore } from "../port.ts"
import type { Bucket } from "./bucket.ts"
import { cover, nameOf, type Piece, pieceOf } from "./pieces.ts"
import { BucketTrouble } from "./trouble.ts"

/** What clients send at once (4 MiB) is one object. */
const PIECE = 5 * 1024 * 1024
const LEAST = 64 * 1024
const BUDGET = 128 * 1024 * 1024
/** How often what has gone is looked for under other names. */
const LOOKS = 3

export type S3StoreParts = {
  readonly bucket: Bucket
  /** Names of this house begin with it: hexadecimal and a dot, no slash. */
  readonly life: string
  /** Of what is being uploaded, in all (bytes). */
  readonly budget?: number
  /** What the house's log should say. */
  readonly onTrouble?: (problem: Problem) => void
}

/** Of a house with this id, in this life of its log. */
export const lifeName = (house: Id, incarnation: number): string =>
  `${Buffer.from(idBytes(house)).toString("hex")}.${incarnation}`

export function s3Store({ bucket, life, budget = BUDGET, onTrouble = () => {} }: S3StoreParts): BlobStore {
  const root = `${life}/`
  const folderOf = (blob: Id) => `${root}${Buffer.from(idBytes(blob)).toString("hex")}/`
  let appending = 0
  const room = () => Math.max(LEAST, Math.min(PIECE, Math.floor(budget / Math.max(1, appending))))

  async function piecesOf(blob: Id): Promise<readonly Piece[]> {
    const folder = folderOf(blob)
    const pieces: Piece[] = []
    for await (const { keys } of bucket.list(folder))
      for (const key of keys) {
        const piece = pieceOf(key.slice(folder.length))
        if (piece) pieces.push(piece)
      }
    return pieces
  }

  /** What has come and goes into one object; with it what stands right before it, where that is no longer and both fit. */
  async function keep(
    blob: Id,
    turn: number,
    from: number,
    bytes: Uint8Array,
    pieces: Piece[],
  ): Promise<void> {
    let [start, body] = [from, bytes]
    for (;;) {
      const before = cover(pieces, 0, start).at(-1)
      const length = before ? start - before.from : 0
      if (!before || before.to !== start || length > body.length || length + body.length > room()) break
      const parts: Uint8Array[] = []
      for await (const part of read(blob, before.from, start)) parts.push(part)
      body = Buffer.concat([...parts, body])
      start = before.from
    }
    const piece = { turn, from: start, to: from + bytes.length }
    await bucket.put(folderOf(blob) + nameOf(piece), body)
    // All that they had is in it. Whoever is reading one of them looks again.
    const over = pieces.filter((one) => one.turn < turn && start <= one.from && one.to <= piece.to)
    for (const one of over) await bucket.delete(folderOf(blob) + nameOf(one)).catch(() => {})
    pieces.splice(0, pieces.length, ...pieces.filter((one) => !over.includes(one)), piece)
  }

  async function pour(
    blob: Id,
    offset: number,
    source: AsyncIterable<Uint8Array>,
    max: number,
  ): Promise<Appended> {
    let pieces: Piece[]
    try {
      pieces = [...(await piecesOf(blob))]
    } catch (error) {
      return { written: 0, problem: problemOf(error) }
    }
    const turn = Math.max(0, ...pieces.map((one) => one.turn)) + 1
    let written = 0
    let [held, length]: [Uint8Array[], number] = [[], 0]
    const flush = async (): Promise<Appended["problem"]> => {
      if (length === 0) return undefined
      const bytes = Buffer.concat(held)
      ;[held, length] = [[], 0]
      try {
        await keep(blob, turn, offset + written, bytes, pieces)
        written += bytes.length
        return undefined
      } catch (error) {
        return problemOf(error)
      }
    }
    const parts = source[Symbol.asyncIterator]()
    for (;;) {
      const next = await parts.next().catch(() => undefined)
      const part = next && !next.done ? next.value : undefined
      const fits = part?.subarray(0, max - written - length)
      for (let at = 0; fits && at < fits.length; ) {
        const some = fits.subarray(at, at + Math.max(1, room() - length))
        held.push(some)
        length += some.length
        at += some.length
        const problem = length >= room() ? await flush() : undefined
        if (problem) return { written, problem }
      }
      const over = part && fits && fits.length < part.length
      if (part && !over) continue
      const problem = (await flush()) ?? (over ? "too_long" : undefined)
      return { written, ...(problem ? { problem } : {}) }
    }
  }

  function problemOf(error: unknown): "full" | "away" {
    if (!(error instanceof BucketTrouble)) throw error
    onTrouble(error.problem)
    return error.kind === "full" ? "full" : "away"
  }
  const told = (error: unknown): unknown => {
    if (error instanceof BucketTrouble) onTrouble(error.problem)
    return error
  }

  async function* read(blob: Id, from: number, to: number): AsyncIterable<Uint8Array> {
    let at = from
    // Pieces may be joined by others meanwhile: then it is looked again, as long as something comes.
    for (let stuck = 0; at < to; ) {
      const before = at
      for (const segment of cover(await piecesOf(blob), at, to)) {
        const { piece } = segment
        const parts = await bucket.get(
          folderOf(blob) + nameOf(piece),
          segment.from - piece.from,
          segment.to - piece.from,
        )
        if (!parts) break
        for await (const part of parts) {
          at += part.length
          yield part
        }
        if (at < segment.to) break
      }
      stuck = at > before ? 0 : stuck + 1
      if (at < to && stuck === LOOKS) throw new Error("a blob is shorter than its row says")
    }
  }

  return {
    async append(blob, offset, source, max) {
      appending++
      try {
        return await pour(blob, offset, source, max)
      } finally {
        appending--
      }
    },
    async size(blob) {
      try {
        const pieces = await piecesOf(blob)
        return pieces.length === 0 ? undefined : (cover(pieces, 0, Number.MAX_SAFE_INTEGER).at(-1)?.to ?? 0)
      } catch (error) {
        throw told(error)
      }
    },
    async *read(blob, from, to) {
      try {
        yield* read(blob, from, to)
      } catch (error) {
        throw told(error)
      }
    },
    async remove(blob) {
      try {
        for (const piece of await piecesOf(blob)) await bucket.delete(folderOf(blob) + nameOf(piece))
      } catch (error) {
        throw told(error)
      }
    },
    async *list() {
      try {
        for await (const { folders } of bucket.list(root, "/"))
          for (const folder of folders) {
            const name = /^([0-9a-f]{32})\/$/.exec(folder.slice(root.length))?.[1]
            if (name && folder.startsWith(root)) yield idFrom(new Uint8Array(Buffer.from(name, "hex")))
          }
      } catch (error) {
        throw told(error)
      }
    },
  }
}
