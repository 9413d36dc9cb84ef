/** Stretches of positions inside of one block of 256, in two bytes each (db/migrations/0019-came-back.ts). */
export type Stretch = { readonly from: number; readonly to: number }

export const SEGMENT = 256

/** null: none. What is not of this block says nothing about it. */
export function packStretches(segment: number, stretches: readonly Stretch[]): Uint8Array | null {
  const isHere = ({ from, to }: Stretch) =>
    from <= to && Math.floor(from / SEGMENT) === segment && Math.floor(to / SEGMENT) === segment
  const here = stretches.filter(isHere)
  return here.length === 0
    ? null
    : Uint8Array.from(here.flatMap(({ from, to }) => [from % SEGMENT, to % SEGMENT]))
}

export const unpackStretches = (segment: number, bytes: Uint8Array | null): Stretch[] =>
  Array.from({ length: (bytes?.length ?? 0) >> 1 }, (_, i) => ({
    from: segment * SEGMENT + (bytes?.[2 * i] ?? 0),
    to: segment * SEGMENT + (bytes?.[2 * i + 1] ?? 0),
  }))
