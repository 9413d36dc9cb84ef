/**
 * A cost at several sizes, and how it grows: the exponent k of y ~ x^k, fitted by least squares through the logarithms. 0 is a cost that
 * does not grow, 1 one that grows as the size does. What has a fixed part too shows less than its real growth over the whole range, so the last
 * decade is fitted by itself as well.
 */
export type Point = { readonly x: number; readonly y: number }

export type Curve = {
  readonly name: string
  /** Of y. */
  readonly unit: string
  readonly points: readonly Point[]
}

/** NaN with fewer than two different sizes. A y of nothing (below the clock's grain) is left out: it has no logarithm. */
export function exponentOf(points: readonly Point[]): number {
  const logs = points
    .filter(({ x, y }) => x > 0 && y > 0)
    .map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))
  const mean = (of: (one: Point) => number) => logs.reduce((sum, one) => sum + of(one), 0) / logs.length
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
  const spread = logs.reduce((sum, { x }) => sum + (x - mx) ** 2, 0)
  const both = logs.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0)
  return spread === 0 ? Number.NaN : both / spread
}

/** The points from a tenth of the largest size on; at least two. */
export function lastDecade(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x)
  const from = (sorted.at(-1)?.x ?? 0) / 10
  const some = sorted.filter(({ x }) => x >= from)
  return some.length < 2 ? sorted.slice(-2) : some
}
