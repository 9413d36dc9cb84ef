/**
 * UX 15: through a chat of 100,000 messages and back by the wheel, by Page Up, and by the scrollbar's thumb, in the real page
 * on the made-up house behind a worker (packages/web/src/dev), where it has the work that it has with the real client.
 * Counted are the page's tasks; TEAHOUSE_BENCH_TASKS=1 says what the costliest did. Beside it in the same browser an empty page works for 5 ms again and again: as long as its
 * longest turn took, so long the machine keeps anybody waiting.
 */
import { setTimeout as pause } from "node:timers/promises"
import { chromium, type Page } from "playwright-core"
import { flags } from "../test/browser.ts"
import { openFakePage } from "../test/fake-page.ts"
import { chromiumPath } from "../test/program.ts"
import { noteTasks, tasksSince } from "./browser/tasks.ts"
import { type Task, tracedTasks } from "./browser/trace.ts"
import { type Print, round } from "./measure.ts"

const CHAT = `/1/chats/${"101".padStart(20, "0")}AA?fake=long`
const LOG = "[role=log]"
const WHEEL_PX = 2_400
/** Steps under one tracing: it keeps all that happened until it ends. */
const CHUNK = 100

type Way = {
  readonly name: string
  readonly step: (page: Page, at: number) => Promise<void>
  readonly most: number
}

export async function scroll(print: Print, quick: boolean): Promise<void> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("this bench needs Chromium")
  const house = await openFakePage()
  const browser = await chromium.launch({
    executablePath,
    args: [...flags],
    headless: true,
    // The thumb is dragged.
    ignoreDefaultArgs: ["--hide-scrollbars"],
  })
  try {
    const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } })
    const beside = await context.newPage()
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    await page.goto(house.url + CHAT)
    await page.locator(`${LOG} article`).last().waitFor()
    await page.locator(LOG).hover()
    await pause(1_000)
    await noteTasks(page)

    const wheel = (way: 1 | -1) => (on: Page) => on.mouse.wheel(0, way * WHEEL_PX)
    const ways: Way[] = [
      { name: "up", step: wheel(-1), most: quick ? 150 : 20_000 },
      { name: "down", step: wheel(1), most: quick ? 150 : 20_000 },
      { name: "page-up", step: (on) => on.keyboard.press("PageUp"), most: quick ? 50 : 300 },
      { name: "thumb", step: drag, most: quick ? 50 : 300 },
    ]
    for (const { name, step, most } of ways) {
      if (name === "page-up") await page.locator(`${LOG} article[tabindex="0"]`).focus()
      const waited = await keepWorking(beside)
      const traced: Task[] = []
      let steps = 0
      for (let over = false; !over && steps < most; )
        traced.push(
          ...(await tracedTasks(page, async () => {
            for (let i = 0; i < CHUNK && !over && steps < most; i++) {
              await step(page, steps++)
              await page.evaluate(() => new Promise(requestAnimationFrame))
              over = await atEnd(page, name)
            }
            await pause(300)
          })),
        )
      const tasks = await tasksSince(page)
      const longest = traced.reduce((a, b) => (b.cpuMs > a.cpuMs ? b : a))
      const baselineMs = await waited()
      print({
        bench: "open-chat",
        case: `scroll-100000 ${name}`,
        server: "made-up",
        steps,
        tasksOver50: tasks.length,
        longestTaskMs: round(Math.max(0, ...traced.map(({ ms }) => ms))),
        tasksOver50CpuMs: traced.filter(({ cpuMs }) => cpuMs > 50).length,
        longestTaskCpuMs: round(longest.cpuMs),
        baselineMs: round(baselineMs),
        ratioToBaseline: round(Math.max(0, ...traced.map(({ ms }) => ms)) / baselineMs),
      })
      if (process.env.TEAHOUSE_BENCH_TASKS)
        for (const task of traced.sort((a, b) => b.cpuMs - a.cpuMs).slice(0, 8))
          process.stderr.write(`${name} ${JSON.stringify(task)}\n`)
    }
  } finally {
    await browser.close()
    house.close()
  }
}

/** The whole way was gone: the first message is on the page and nothing is above it, or the last and nothing below. */
const atEnd = (page: Page, way: string): Promise<boolean> =>
  page.locator(LOG).evaluate((box, down) => {
    const seqs = [...box.querySelectorAll<HTMLElement>("[data-seq]")].map((line) => Number(line.dataset.seq))
    return down
      ? seqs.at(-1) === 100_000 && box.scrollHeight - box.scrollTop - box.clientHeight < 2
      : seqs[0] === 1 && box.scrollTop < 1
  }, way === "down")

/** From wherever the thumb is upwards; at the top again from the middle. */
async function drag(page: Page, at: number): Promise<void> {
  const box = await page.locator(LOG).boundingBox()
  if (!box) throw new Error("no log")
  const x = box.x + box.width - 6
  const place = at % 10
  if (place === 0) {
    await page.mouse.up()
    const thumb = await page
      .locator(LOG)
      .evaluate((log) => (log.scrollTop + log.clientHeight / 2) / log.scrollHeight)
    await page.mouse.move(x, box.y + box.height * thumb)
    await page.mouse.down()
  } else await page.mouse.move(x, box.y + box.height * Math.max(0.02, 0.5 - place * 0.06))
}

/** The longest of many turns of 5 ms of work on an empty page, ms; asked for at the end. */
async function keepWorking(beside: Page): Promise<() => Promise<number>> {
  await beside.evaluate(() => {
    const state = { longest: 0, stop: false }
    Object.assign(globalThis, { turns: state })
    const spin = (times: number) => {
      let sum = 0
      for (let i = 0; i < times; i++) sum += Math.sqrt(i)
      return sum
    }
    // As many rounds as take 5 ms where nobody disturbs: the fastest of some tries.
    let fastest = Number.POSITIVE_INFINITY
    for (let i = 0; i < 30; i++) {
      const at = performance.now()
      spin(100_000)
      fastest = Math.min(fastest, performance.now() - at)
    }
    const rounds = Math.round((5 / Math.max(0.05, fastest)) * 100_000)
    const turn = () => {
      const at = performance.now()
      spin(rounds)
      state.longest = Math.max(state.longest, performance.now() - at)
      if (!state.stop) setTimeout(turn, 45)
    }
    turn()
  })
  return () =>
    beside.evaluate(() => {
      const { turns } = globalThis as unknown as { turns: { longest: number; stop: boolean } }
      turns.stop = true
      return turns.longest
    })
}
