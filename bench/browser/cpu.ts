/** Processor time of a browser with all of its processes, from the kernel's own books (Linux; elsewhere it is not known). */
import { readdirSync, readFileSync } from "node:fs"

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10

/** ms so far, of the processes that name `mark` in their command line, and of their descendants. */
export function processCpuMs(mark: string): number | undefined {
  if (process.platform !== "linux") return undefined
  const all = new Map<number, { readonly parent: number; readonly ms: number; readonly named: boolean }>()
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8")
      const [, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
      const ms = (Number(rest[9]) + Number(rest[10])) * TICK_MS
      const named = readFileSync(`/proc/${name}/cmdline`, "utf8").includes(mark)
      all.set(Number(name), { parent: Number(parent), ms, named })
    } catch {
      // It has ended meanwhile.
    }
  const belongs = (id: number): boolean => {
    const one = all.get(id)
    return one !== undefined && (one.named || belongs(one.parent))
  }
  return [...all].filter(([id]) => belongs(id)).reduce((sum, [, { ms }]) => sum + ms, 0)
}
