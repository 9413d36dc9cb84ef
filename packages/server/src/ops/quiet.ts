/**
 * What starting has left in memory, given back when the house is first quiet. Loading some hundred modules leaves a young generation
 * (V8's word) of 10 to 20 MB in each thread, nearly all of it garbage. In a quiet house V8 comes to collect it after a minute or two, and
 * until then it is missing elsewhere, in the minute in which a machine starts everything at once. A house that is busy collects by itself.
 *
 * Node has no call for it: the function `gc` is there in a context that is made while `--expose-gc` is set. Rejected: a smaller young
 * generation (`--max-semi-space-size`), which saves less and has the house collect more often for as long as it runs.
 */
import { performance } from "node:perf_hooks"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

const EVERY_MS = 1_000
/** Of the time: what is quiet. */
const QUIET = 0.1

export type QuietParts = {
  /** Of the time since it was asked last, which part this thread was at work, 0 to 1. */
  readonly busy: () => number
  readonly collect: () => void
  readonly everyMs: number
}

/** Once, after the first second in which this thread had hardly anything to do. Keeps nothing open. */
export function collectWhenQuiet(parts: Partial<QuietParts> = {}): () => void {
  const { busy = eventLoop(), collect = collectAll, everyMs = EVERY_MS } = parts
  const timer = setInterval(() => {
    if (busy() > QUIET) return
    clearInterval(timer)
    collect()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

function eventLoop(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}

/** This thread's heap, and empty pages go back to the system. Some 50 ms for what a house has after its start. */
export function collectAll(): void {
  setFlagsFromString("--expose-gc")
  const gc = runInNewContext("typeof gc === 'function' ? gc : undefined") as NodeJS.GCFunction | undefined
  setFlagsFromString("--no-expose-gc")
  gc?.({ type: "major", execution: "sync", flavor: "last-resort" })
}
