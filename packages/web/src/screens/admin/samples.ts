/** From what a node says every two seconds to what is drawn: counters become rates. Pure. */
import type { AdminLive } from "@teahouse/protocol/http/admin.ts"

/** Two minutes. */
export const SAMPLES = 60
export const EVERY_MS = 2_000

/** null: not known at that moment, a gap in the line. */
export type Series = readonly (number | null)[]
export type LiveSeries = Readonly<
  Record<"connections" | "messages" | "deliveries" | "p99" | "memory" | "disk", Series>
>

/** With the newest one, the oldest gone. */
export const withSample = (samples: readonly AdminLive[], next: AdminLive): readonly AdminLive[] =>
  [...samples, next].slice(-SAMPLES - 1)

/** A rate needs two samples of the same node between which it was not started anew. */
function rate(of: "messages" | "deliveries", before: AdminLive | undefined, now: AdminLive): number | null {
  const [from, to] = [before?.[of] ?? null, now[of]]
  if (!before || from === null || to === null || before.node !== now.node || to < from) return null
  return now.time > before.time ? ((to - from) * 1000) / (now.time - before.time) : null
}

export function seriesOf(samples: readonly AdminLive[]): LiveSeries {
  const shown = samples.slice(-SAMPLES)
  const before = (i: number) => samples[samples.length - shown.length + i - 1]
  return {
    connections: shown.map((one) => one.connections),
    messages: shown.map((one, i) => rate("messages", before(i), one)),
    deliveries: shown.map((one, i) => rate("deliveries", before(i), one)),
    p99: shown.map((one) => one.p99),
    memory: shown.map((one) => one.memory),
    disk: shown.map(({ disk }) => disk && disk.size - disk.free),
  }
}

/** Of what is known; undefined: nothing is. */
export function rangeOf(series: Series): { readonly low: number; readonly high: number } | undefined {
  const known = series.filter((one) => one !== null)
  return known.length === 0 ? undefined : { low: Math.min(...known), high: Math.max(...known) }
}

export type Scale = { readonly floor?: number; readonly ceiling?: number }

/**
 * An SVG path in a box of that size, the newest at its right edge, the highest at its top. `floor`, `ceiling`: what its bottom and
 * its top mean, where that is said. A series that stands still is a line in the middle unless it stands at its floor.
 */
export function pathOf(
  series: Series,
  width: number,
  height: number,
  { floor, ceiling }: Scale = {},
): string {
  const range = rangeOf(series)
  if (!range) return ""
  const low = Math.min(range.low, floor ?? range.low)
  const span = Math.max(range.high, ceiling ?? range.high) - low
  const step = width / (SAMPLES - 1)
  const start = width - step * (series.length - 1)
  const y = (value: number) =>
    span === 0 ? (floor === value ? height : height / 2) : height - ((value - low) / span) * height
  let path = ""
  let drawing = false
  series.forEach((value, i) => {
    if (value === null) drawing = false
    else {
      path += `${drawing ? "L" : "M"}${(start + i * step).toFixed(1)} ${y(value).toFixed(1)}`
      drawing = true
    }
  })
  return path
}
