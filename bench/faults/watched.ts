/**
 * What a house did with its time while something was done to it: whether a latency is the house's own, or that of a machine on which
 * others run. In percent of the time that went by.
 */
import { readFileSync } from "node:fs"
import type { House } from "../../test/house.ts"
import { round } from "../measure.ts"

export type Watched = {
  /** The main thread was on a core; it could have gone on, and no core was free (scheduler's counting, /proc/PID/schedstat). */
  readonly ran?: number
  readonly waited?: number
  /** All threads' collections, which stop them; only of a house with `--trace-gc`. */
  readonly collected?: number
  /** What was left of the main thread's heap after the last one, MB. */
  readonly heapMb?: number
}

/** As `--trace-gc` has it: `… ms: Scavenge 34.7 (41.3) -> 31.2 (41.3) MB, pooled: 0.0 MB, 2.31 / 0.00 ms …`. */
const COLLECTION =
  /ms: (?:Scavenge|Mark-Compact)[^>\n]*-> ([\d.]+) \([\d.]+\) MB[^\n/]*?([\d.]+) \/ [\d.]+ ms/g

/** From now on; what is given says what was until then. */
export function watch({ pid, output }: House): () => Watched {
  const began = performance.now()
  const [ran, waited] = scheduled(pid)
  const said = output().length
  return () => {
    const percent = (ms: number) => round((100 * ms) / (performance.now() - began))
    const [ranNow, waitedNow] = scheduled(pid)
    const collections = [...output().slice(said).matchAll(COLLECTION)]
    const heaps = collections.map(([, left]) => Number(left))
    return {
      // Nothing is known of a house that has ended.
      ...(ranNow > 0 ? { ran: percent(ranNow - ran), waited: percent(waitedNow - waited) } : {}),
      ...(collections.length === 0
        ? {}
        : {
            collected: percent(collections.reduce((sum, [, , ms]) => sum + Number(ms), 0)),
            heapMb: Math.max(...heaps.slice(-5)),
          }),
    }
  }
}

function scheduled(pid: number): readonly [ran: number, waited: number] {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ").map(Number)
    return [ran / 1e6, waited / 1e6]
  } catch {
    return [0, 0]
  }
}
