/** One seed, one run: sfc32, a small generator with 128 bits of state. Never for secrets. */
export type Rng = {
  /** In [0, 1). */
  next(): number
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number
  between(low: number, high: number): number
  chance(p: number): boolean
  pick<T>(from: readonly T[]): T
  bytes(length: number): Uint8Array
}

export function createRng(seed: number): Rng {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, seed | 0, Math.floor(seed / 2 ** 32) | 0 || 1]
  const word = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 15; i++) word()
  const next = () => word() / 2 ** 32
  const below = (most: number) => Math.floor(next() * most)
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    chance: (p) => next() < p,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    bytes(length) {
      const out = new Uint8Array(length)
      for (let i = 0; i < length; i += 4) {
        const value = word()
        for (let j = i; j < i + 4 && j < length; j++) out[j] = value >>> (8 * (j - i))
      }
      return out
    },
  }
}
