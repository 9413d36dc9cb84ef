/** How this process and its machine are doing. */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { diskOf } from "./disk.ts"
import type { Gauge } from "./metrics.ts"

const NS = 1e-9

export type NodeGauges = { readonly gauges: readonly Gauge[]; stop(): void }

export function nodeGauges(folder: string): NodeGauges {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const memory = () => process.memoryUsage()
  return {
    gauges: [
      { name: "process_resident_memory_bytes", help: "Memory of the process.", value: () => memory().rss },
      { name: "teahouse_heap_bytes", help: "Heap in use.", value: () => memory().heapUsed },
      {
        name: "process_cpu_seconds_total",
        help: "CPU time, all threads.",
        value: () => {
          const { user, system } = process.cpuUsage()
          return (user + system) / 1e6
        },
      },
      { name: "process_uptime_seconds", help: "Since the start.", value: () => process.uptime() },
      {
        name: "teahouse_event_loop_delay_seconds",
        help: "99th percentile since the last look.",
        value() {
          const value = delay.percentile(99) * NS
          delay.reset()
          return value
        },
      },
      {
        name: "teahouse_disk_free_bytes",
        help: "Free on the data folder's disk.",
        value: () => diskOf(folder).then((disk) => disk?.free),
      },
      {
        name: "teahouse_disk_size_bytes",
        help: "Size of the data folder's disk.",
        value: () => diskOf(folder).then((disk) => disk?.size),
      },
    ],
    stop: () => void delay.disable(),
  }
}
