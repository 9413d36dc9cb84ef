/**
 * Whether something grows with time: a straight line by least squares through what was seen. What a process takes until it is warm is left out
 * (the first third). Flat is a line that over the rest rises by no more than 2 % of the mean, or by less than twice its own standard error:
 * a collector's saw-tooth is no growth.
 */
export type Sample = { readonly hours: number; readonly value: number }
export type Trend = { readonly perHour: number; readonly flat: boolean }

const WARM = 1 / 3
const SHARE = 0.02
const ERRORS = 2

/** Not flat where there are fewer than three samples after the warm-up: nothing was shown. */
export function trendOf(samples: readonly Sample[]): Trend {
  const some = samples.slice(Math.ceil(samples.length * WARM))
  const mean = (of: (one: Sample) => number) => some.reduce((sum, one) => sum + of(one), 0) / some.length
  const [mt, mv] = [mean(({ hours }) => hours), mean(({ value }) => value)]
  const spread = some.reduce((sum, { hours }) => sum + (hours - mt) ** 2, 0)
  if (some.length < 3 || spread === 0) return { perHour: Number.NaN, flat: false }
  const perHour = some.reduce((sum, { hours, value }) => sum + (hours - mt) * (value - mv), 0) / spread
  const rest = some.reduce((sum, { hours, value }) => sum + (value - mv - perHour * (hours - mt)) ** 2, 0)
  const error = Math.sqrt(rest / (some.length - 2) / spread)
  const rise = perHour * ((some.at(-1)?.hours ?? 0) - (some[0]?.hours ?? 0))
  return { perHour, flat: rise <= SHARE * mv || perHour <= ERRORS * error }
}
