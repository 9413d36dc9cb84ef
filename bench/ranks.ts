/**
 * Are two sets of timings of one kind? The rank-sum test of Wilcoxon, Mann and Whitney, with the normal approximation and ties counted as
 * halves: it asks nothing of the shape, and a pause of the collector is one rank like any other. `z` is in standard deviations; by
 * chance alone it is beyond ±4.5 in seven of a million comparisons, which is the bound that dudect takes (Reparaz, Balasch, Verbauwhede 2017).
 */
export const SUSPICIOUS = 4.5

export function rankSum(a: readonly number[], b: readonly number[]): { readonly z: number } {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))]
  all.sort((x, y) => x.value - y.value)
  let sum = 0
  let ties = 0
  for (let from = 0; from < all.length; ) {
    let to = from + 1
    while (to < all.length && all[to]?.value === all[from]?.value) to++
    // Ranks begin at 1; those that are equal share the middle of theirs.
    const rank = (from + 1 + to) / 2
    for (let i = from; i < to; i++) if (all[i]?.first) sum += rank
    ties += (to - from) ** 3 - (to - from)
    from = to
  }
  const [n, m] = [a.length, b.length]
  const u = sum - (n * (n + 1)) / 2
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
  return { z: variance === 0 ? 0 : (u - (n * m) / 2) / Math.sqrt(variance) }
}
