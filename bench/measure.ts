/** What every bench shares: medians, CPU time, and the line that is printed. */

export type Line = {
  readonly bench: string
  readonly case: string
  readonly server: string
  /** Not measured: these packages are not installed. */
  readonly missing?: string
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
  /** In a browser, ms: until who was away has everything; from nothing to a readable list; from a click to the messages. */
  readonly catchUpMs?: number
  readonly startMs?: number
  readonly openMs?: number
  readonly tasksOver50Ms?: number
  readonly longestTaskMs?: number
  /** While scrolling: how often one scrolled, and of what the page's thread did, as its processor time. */
  readonly steps?: number
  readonly tasksOver50?: number
  readonly tasksOver50CpuMs?: number
  readonly longestTaskCpuMs?: number
  /** 5 ms of work on an empty page beside it: the longest that it took, and how much longer our longest task was. */
  readonly baselineMs?: number
  readonly ratioToBaseline?: number
  readonly pageHeapMb?: number
  readonly workerHeapMb?: number
  /** A new device, ms: signing in; from then on until the newest lines of ten chats, 50 of each of them in the store; 50 of the newest on the screen, 50 of each of the ten, all of it; and its size. */
  readonly signInMs?: number
  readonly tenChatsMs?: number
  readonly tenStoredMs?: number
  readonly newestOpenMs?: number
  readonly tenOpenMs?: number
  readonly allHereMs?: number
  readonly keptMb?: number
  /** A search: until its first result, until that is on the screen, until all was looked through (ms); how many it shows, and whether there are more. */
  readonly firstMs?: number
  readonly shownMs?: number
  readonly allMs?: number
  readonly found?: number
  readonly more?: boolean
  readonly messages?: number
  readonly mb?: number
  /** Of files: encrypting, and through the network; by how much the client's memory grew. */
  readonly prepareMbPerS?: number
  readonly mbPerS?: number
  readonly memoryMb?: number
  /** Of groups: how long, the CPU time of clients and house, and what was posted (the largest part of each kind, KiB). */
  readonly ms?: number
  readonly cpuMs?: number
  readonly houseCpuMs?: number
  readonly commits?: number
  readonly commitKb?: number
  readonly welcomeKb?: number
  readonly groupInfoKb?: number
  readonly rooms?: number
  readonly connections?: number
  /** Of what a browser downloads, gzipped. */
  readonly kb?: number
  /** Whether two kinds of requests can be told apart by their time: of each so many; the difference of their medians, and how sure it is. */
  readonly samples?: number
  readonly p50Us?: number
  readonly differenceUs?: number
  readonly z?: number
  readonly tells?: boolean
  /** Of faults: whether the house was there all the time, and how many connections it has closed or refused. */
  readonly alive?: boolean
  readonly closed?: number
  readonly refused?: number
  /** Of growth: a size, what it costs there and in which unit; over all sizes the exponent, and in the last decade. */
  readonly x?: number
  readonly y?: number
  readonly unit?: string
  readonly exponent?: number
  readonly exponentInLastDecade?: number
  /** Of the house's soak: file descriptors; by how much its memory grows in an hour by the fitted line, and whether that and the descriptors are flat. */
  readonly descriptors?: number
  readonly growthMbPerHour?: number
  readonly flat?: boolean
  /** Of a profile: the share of a part or function. */
  readonly percent?: number
  /** CPU time for one, µs. */
  readonly cpuUs?: number
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
