/** What every bench shares: medians, CPU time, and the line that is printed. */

export type Line = {
  readonly bench: string
  readonly case: string
  readonly server: string
  readonly members?: number
  readonly inFlight?: number
  readonly cpuUsPerDelivery?: number
  readonly deliveriesPerS?: number
  readonly msgsPerS?: number
  readonly cpuUsPerMsg?: number
  readonly p50Ms?: number
  readonly p99Ms?: number
  readonly kbPerConn?: number
  readonly lost?: number
}
export type Print = (line: Line) => void

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

/** Three digits that mean something. */
export const round = (value: number): number => Number(value.toPrecision(3))

/** CPU time of this process and all of its threads, µs. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
