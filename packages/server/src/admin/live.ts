/** How this node is doing at this moment, for the charts of the page of administration. null: not known here. */
import type { AdminLive } from "@teahouse/protocol/http/admin.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { diskOf } from "../ops/disk.ts"
import { type Metrics, quantile } from "../ops/metrics.ts"

export type LiveParts = {
  /** This node, for as long as it runs: counters begin anew with it. */
  readonly node: Id
  readonly now: () => number
  /** The folder whose disk is meant. */
  readonly folder: string
  readonly metrics: Pick<Metrics, "messages" | "deliveries" | "latency">
  readonly connections: () => number
}

const MINUTE_MS = 60_000

export function createLive({ node, now, folder, metrics, connections }: LiveParts) {
  const recent = createRecent(metrics.latency, now)
  return async (): Promise<AdminLive> => ({
    node,
    time: now(),
    connections: connections(),
    messages: metrics.messages.value,
    deliveries: metrics.deliveries.value,
    p99: recent(),
    memory: process.memoryUsage.rss(),
    disk: (await diskOf(folder)) ?? null,
  })
}
export type Live = ReturnType<typeof createLive>

/**
 * 99 in 100 messages were stored within so many milliseconds, of those since the look a minute ago (or the first one, where nobody
 * has looked for so long). null: there were none.
 */
export function createRecent(latency: Metrics["latency"], now: () => number): () => number | null {
  let looks: { readonly at: number; readonly seen: ReturnType<Metrics["latency"]> }[] = []
  return () => {
    const [at, seen] = [now(), latency()]
    looks = [...looks.filter((one) => at - one.at <= MINUTE_MS && one.at <= at), { at, seen }]
    const before = looks[0]
    const seconds = before && quantile(0.99, seen, before.seen)
    return seconds === undefined ? null : seconds * 1000
  }
}
