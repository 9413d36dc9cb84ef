/** The page's long tasks (over 50 ms, as the browser says them), from now on. */
import type { Page } from "playwright-core"

type Noted = { longTasks: number[] }

export async function noteTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(globalThis, { longTasks: seen })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration)
    }).observe({ type: "longtask" })
  })
}

/** ms of each since they were asked for last. */
export const tasksSince = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as Noted).longTasks.splice(0))
