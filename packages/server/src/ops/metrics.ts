/**
 * What the house counts of itself, as Prometheus reads it (text exposition format 0.0.4). Counting is adding to a number; everything
 * that has to be looked up is looked up when somebody asks. No room, account, device or address is ever in a name or a label.
 */

/** Upper bounds in seconds: from what a COMMIT on a good disk takes to what nobody would wait for. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

type Counter = { value: number }

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics() {
  const buckets = new Array<number>(BOUNDS.length + 1).fill(0)
  const seconds = { value: 0 }
  const count = { value: 0 }
  const counters = {
    messages: { value: 0 },
    refused: { value: 0 },
    deliveries: { value: 0 },
    failures: { value: 0 },
    requests: { value: 0 },
    requestsFailed: { value: 0 },
  } satisfies Record<string, Counter>
  return {
    ...counters,
    /** So many messages were answered so long after they were handed in (ms). */
    appended(messages: number, ms: number): void {
      const at = BOUNDS.findIndex((bound) => ms / 1000 <= bound)
      const bucket = at < 0 ? BOUNDS.length : at
      buckets[bucket] = (buckets[bucket] ?? 0) + messages
      seconds.value += (messages * ms) / 1000
      count.value += messages
      counters.messages.value += messages
    },
    /** Of all messages since the start: counts up to each bound (s), the last without one. */
    latency: () => ({ bounds: BOUNDS, buckets: [...buckets], seconds: seconds.value, count: count.value }),
  }
}

/** What is looked up when it is asked for; undefined or null: not known here, and left out. */
export type Gauge = {
  readonly name: string
  readonly help: string
  readonly value: () => number | undefined | null | Promise<number | undefined | null>
}

export async function textOf(metrics: Metrics, gauges: readonly Gauge[]): Promise<string> {
  const lines: string[] = []
  const head = (name: string, help: string, type: "counter" | "gauge" | "histogram") =>
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
  const counter = (name: string, help: string, { value }: Counter) => {
    head(name, help, "counter")
    lines.push(`${name} ${value}`)
  }
  counter("teahouse_messages_total", "Messages that were stored.", metrics.messages)
  counter("teahouse_messages_refused_total", "Messages that were refused.", metrics.refused)
  counter("teahouse_deliveries_total", "Frames with entries written to sockets.", metrics.deliveries)
  counter("teahouse_failures_total", "Faults of the house itself.", metrics.failures)
  counter("teahouse_http_requests_total", "HTTP requests answered.", metrics.requests)
  counter("teahouse_http_failures_total", "HTTP requests answered with 5xx.", metrics.requestsFailed)

  const { bounds, buckets, seconds, count } = metrics.latency()
  const name = "teahouse_append_seconds"
  head(name, "From a message's arrival until it is on stable storage.", "histogram")
  let sum = 0
  for (const [i, bound] of bounds.entries()) {
    sum += buckets[i] ?? 0
    lines.push(`${name}_bucket{le="${bound}"} ${sum}`)
  }
  lines.push(`${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${seconds}`, `${name}_count ${count}`)

  for (const gauge of gauges) {
    const value = await gauge.value()
    if (value === undefined || value === null || Number.isNaN(value)) continue
    head(gauge.name, gauge.help, "gauge")
    lines.push(`${gauge.name} ${value}`)
  }
  return `${lines.join("\n")}\n`
}

/** The bound (s) below which so large a part of the messages between two looks stayed; undefined where there were none. */
export function quantile(
  part: number,
  now: ReturnType<Metrics["latency"]>,
  before?: ReturnType<Metrics["latency"]>,
): number | undefined {
  const counts = now.buckets.map((value, i) => value - (before?.buckets[i] ?? 0))
  const all = counts.reduce((sum, value) => sum + value, 0)
  if (all === 0) return undefined
  let sum = 0
  const at = counts.findIndex((value) => {
    sum += value
    return sum >= part * all
  })
  return now.bounds[at] ?? now.bounds.at(-1)
}
