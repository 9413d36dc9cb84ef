/**
 * Padmé: lengths are rounded up so that at most the five or six leading bits of a length show, at a cost of 12 % at
 * most; nothing is shorter than 256 bytes, or "yes" and "no" would differ (the PURBs paper, section 4).
 */
const SHORTEST = 256

export function padme(length: number): number {
  if (length <= SHORTEST) return SHORTEST
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const mask = 2 ** (exponent - kept) - 1
  return Math.ceil(length / (mask + 1)) * (mask + 1)
}
