/**
 * What a house that is open takes over from a configuration that was read again: how much it writes into its log, and the limits
 * that are looked at when somebody asks. Everything else holds from the next start on, and is named.
 */
import type { Limits } from "@teahouse/protocol/limits.ts"
import type { Configuration } from "../config.ts"

export type Reloaded = {
  /** Names of what holds from now on. */
  readonly changed: readonly string[]
  /** Names of what is otherwise, and holds after a restart. */
  readonly later: readonly string[]
}

/** Rates and sizes that are built into something when the house opens. */
const builtIn: ReadonlySet<string> = new Set<keyof Limits>([
  ...(["sendsPerSecond", "sendBurst", "commitIntervalMs", "commitBurst", "requestBytes"] as const),
  ...(["deviceBodyBytes", "sessionRecheckMs", "frameBytes", "socketQueueBytes"] as const),
  ...(["requestsPerSecondAddress", "requestBurstAddress", "signInsPerMinuteAddress"] as const),
  ...(["signInsPerMinuteAccount", "signInsPerMinuteName", "heavyPerMinute", "heavyBurst"] as const),
  ...(["claimsPerMinute", "claimBurst", "findsPerMinute", "historyWritesPerSecond"] as const),
  ...(["historyWriteBurst", "historyReadsPerSecond", "historyReadBurst"] as const),
])

export type Live = {
  /** What the house was opened with. */
  readonly configuration: Configuration
  /** The one object that every part looks at. */
  readonly limits: { -readonly [Name in keyof Limits]: Limits[Name] }
  readonly log: { level: string }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export function reload({ configuration, limits, log }: Live, next: Configuration): Reloaded {
  const changed: string[] = []
  const later: string[] = []
  if (log.level !== next.logLevel) {
    log.level = next.logLevel
    changed.push("logLevel")
  }
  for (const name of Object.keys(next.limits) as (keyof Limits)[]) {
    if (limits[name] === next.limits[name]) continue
    if (builtIn.has(name)) later.push(name)
    else {
      limits[name] = next.limits[name]
      changed.push(name)
    }
  }
  for (const name of Object.keys({ ...configuration, ...next }) as (keyof Configuration)[])
    if (name !== "limits" && name !== "logLevel" && name !== "web" && !same(configuration[name], next[name]))
      later.push(name)
  return { changed, later }
}
