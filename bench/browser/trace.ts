/**
 * Every task of a page's main thread, as Chromium's tracing says it: how long it took, how much of that time the thread had
 * a processor, and what it did. On a machine whose processors are shared any task may be long; its CPU time is what it
 * costs everywhere.
 */
import type { Page } from "playwright-core"

export type Task = {
  readonly ms: number
  readonly cpuMs: number
  /** What took the most of it, ms each: script, style, layout, paint, by the tracing's names. */
  readonly parts: Readonly<Record<string, number>>
}
type TraceEvent = {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
}

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "blink.user_timing"]
const HERE = "bench: this is the page"
/** Parts that only wrap others. */
const WRAPPERS = new Set([
  "RunTask",
  "ThreadControllerImpl::RunTask",
  "RunMicrotasks",
  "PageAnimator::serviceScriptedAnimations",
])
const SHORT_US = 1_000

/** All tasks of the page over 1 ms while `work` ran. */
export async function tracedTasks(page: Page, work: () => Promise<void>): Promise<Task[]> {
  const session = await page.context().newCDPSession(page)
  try {
    const events: TraceEvent[] = []
    session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])))
    await session.send("Tracing.start", {
      transferMode: "ReportEvents",
      traceConfig: {
        recordMode: "recordAsMuchAsPossible",
        includedCategories: CATEGORIES,
        excludedCategories: ["*"],
      },
    })
    await page.evaluate((mark) => performance.mark(mark), HERE)
    await work()
    const complete = new Promise<void>((done) => session.once("Tracing.tracingComplete", () => done()))
    await session.send("Tracing.end")
    await complete
    return tasksOf(events)
  } finally {
    await session.detach()
  }
}

function tasksOf(all: readonly TraceEvent[]): Task[] {
  const here = all.find(({ name }) => name === HERE)
  if (!here) throw new Error("the tracing does not know the page")
  const events = all
    .filter(({ pid, tid, dur }) => pid === here.pid && tid === here.tid && dur !== undefined)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
  const tasks: Task[] = []
  for (let at = 0; at < events.length; at++) {
    const task = events[at]
    if (!task || !/RunTask$/.test(task.name) || (task.dur ?? 0) < SHORT_US) continue
    const end = task.ts + (task.dur ?? 0)
    const inside: TraceEvent[] = []
    for (let next = at + 1; (events[next]?.ts ?? end) < end; next++) inside.push(events[next] as TraceEvent)
    tasks.push({ ms: (task.dur ?? 0) / 1000, cpuMs: (task.tdur ?? 0) / 1000, parts: ownTimes(inside) })
    at += inside.length
  }
  return tasks
}

/** By name, without what was inside something else that is named. */
function ownTimes(events: readonly TraceEvent[]): Record<string, number> {
  const own: Record<string, number> = {}
  const open: { readonly name: string; readonly end: number }[] = []
  for (const { name, ts, dur = 0 } of events) {
    if (WRAPPERS.has(name)) continue
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= ts) open.pop()
    const outer = open.at(-1)
    if (outer) own[outer.name] = (own[outer.name] ?? 0) - dur / 1000
    own[name] = (own[name] ?? 0) + dur / 1000
    open.push({ name, end: ts + dur })
  }
  const largest = Object.entries(own).sort(([, a], [, b]) => b - a)
  return Object.fromEntries(largest.slice(0, 6).map(([name, ms]) => [name, Math.round(ms * 10) / 10]))
}
