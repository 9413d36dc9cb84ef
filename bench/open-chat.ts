/**
 * A chat with many messages in a real Chromium (DESIGN "How fast", UX 15): what a reader who was away waits for, how long the
 * chat takes to open, and whether scrolling back through it ever holds the page up for more than 50 ms.
 */
import { setTimeout as pause } from "node:timers/promises"
import { heapBytes } from "./browser/heap.ts"
import { noteTasks, tasksSince } from "./browser/tasks.ts"
import { lineOf, openWorld, talk } from "./browser/world.ts"
import { type Print, round } from "./measure.ts"

const MB = 1_000_000
const WHEEL_PX = 1_200

export async function openChat(print: Print, quick: boolean): Promise<void> {
  const messages = quick ? 2_000 : 100_000
  const wheels = quick ? 60 : 600
  const world = await openWorld()
  try {
    await talk(world, messages)
    const last = lineOf(messages - 1)
    const began = performance.now()
    const reader = await world.openReader()
    reader.page.setDefaultTimeout(1_200_000)
    await reader.page.getByText(last.slice(-40)).first().waitFor()
    const catchUpMs = performance.now() - began
    await reader.page.close()

    // Warm: the worker has ended with its last tab, everything comes from the store.
    await pause(2_000)
    // Both are timed by the page itself: from its navigation, and from the click, to the frame that shows it.
    const again = await world.openReader(() => {
      const look = () => {
        if (document.querySelector("[aria-label=Chats] li"))
          Object.assign(globalThis, { shown: performance.now() })
        else requestAnimationFrame(look)
      }
      look()
    })
    await again.named("list", "Chats").getByText("lilei").waitFor()
    const startMs = await again.page.evaluate(() => (globalThis as unknown as { shown: number }).shown)
    const openMs = await again
      .named("list", "Chats")
      .getByText("lilei")
      .evaluate(async (link: HTMLElement) => {
        const at = performance.now()
        link.click()
        while (!document.querySelector("[role=log] article")) await new Promise(requestAnimationFrame)
        return performance.now() - at
      })

    await noteTasks(again.page)
    const box = again.named("log", "Messages")
    await box.hover()
    for (let i = 0; i < wheels; i++) {
      await again.page.mouse.wheel(0, -WHEEL_PX)
      await pause(50)
    }
    const tasks = await tasksSince(again.page)
    const heap = await heapBytes(world.debuggingPort, world.house.url)
    print({
      bench: "open-chat",
      case: `messages${messages}`,
      server: "teahouse",
      catchUpMs: round(catchUpMs),
      startMs: round(startMs),
      openMs: round(openMs),
      tasksOver50Ms: tasks.length,
      longestTaskMs: round(Math.max(0, ...tasks)),
      pageHeapMb: round(heap.page / MB),
      workerHeapMb: round(heap.worker / MB),
    })
  } finally {
    await world.close()
  }
}
