/**
 * A blob in a bucket is pieces, each an object that is written once and never changed. An object's name says all there is to
 * know: `<turn>-<from>-<to>`, hexadecimal, where `to` is the first byte that is not in it. Where pieces overlap, the later
 * turn holds, as if it had been written over the earlier one; so nothing has to be cut off or renamed, and two nodes that take
 * the same upload cannot spoil one another's bytes. Of one turn the one that reaches further holds: both are of one upload,
 * whose bytes are the same whoever takes them.
 */
export type Piece = {
  readonly turn: number
  readonly from: number
  readonly to: number
}
/** A part of the blob, and the piece that it is read from. */
export type Segment = { readonly from: number; readonly to: number; readonly piece: Piece }

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0")

export const nameOf = ({ turn, from, to }: Piece): string => `${hex(turn, 8)}-${hex(from, 10)}-${hex(to, 10)}`

/** undefined: nobody's piece. */
export function pieceOf(name: string): Piece | undefined {
  const parts = /^([0-9a-f]{8})-([0-9a-f]{10})-([0-9a-f]{10})$/.exec(name)
  if (!parts) return undefined
  const [turn = 0, from = 0, to = 0] = parts.slice(1).map((part) => Number.parseInt(part, 16))
  return from < to ? { turn, from, to } : undefined
}

const outranks = (a: Piece, b: Piece) => a.turn > b.turn || (a.turn === b.turn && a.to > b.to)

/** What holds from `from` on, without a gap, up to `to` or to where there is no more. */
export function cover(pieces: readonly Piece[], from: number, to: number): readonly Segment[] {
  const segments: Segment[] = []
  for (let at = from; at < to; ) {
    let piece: Piece | undefined
    for (const one of pieces)
      if (one.from <= at && at < one.to && (!piece || outranks(one, piece))) piece = one
    if (!piece) break
    let end = Math.min(piece.to, to)
    for (const one of pieces) if (one.from > at && one.from < end && outranks(one, piece)) end = one.from
    segments.push({ from: at, to: end, piece })
    at = end
  }
  return segments
}
