/** Seeded damage to bytes, the same on every machine. */
import { concat } from "./bytes.ts"

/** An integer in [0, bound). */
export type Random = (bound: number) => number

/** mulberry32: small, seeded, good enough to choose what to break. Never for keys. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}

/** One to three wounds: a byte or a bit changed, a piece lost, doubled, moved or put in, an end cut off or added. */
export function mutate(source: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = source.slice()
  for (let left = 1 + random(3); left > 0; left--) bytes = wound(bytes, random)
  return bytes
}

function wound(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + random(8))
  const out = bytes.slice()
  switch (random(7)) {
    case 0:
      if (at < out.length) out[at] = random(256)
      return out
    case 1:
      if (at < out.length) out[at] = (out[at] ?? 0) ^ (1 << random(8))
      return out
    case 2:
      return concat(bytes.subarray(0, at), bytes.subarray(end))
    case 3:
      return concat(bytes.subarray(0, end), bytes.subarray(at))
    case 4:
      return bytes.slice(0, at)
    case 5:
      // Length bytes and map heads, where a parser is most easily led astray.
      return concat(bytes.subarray(0, at), Uint8Array.of(0xc4 + random(0x1c)), bytes.subarray(at))
    default:
      return concat(bytes.subarray(at), bytes.subarray(0, at))
  }
}
