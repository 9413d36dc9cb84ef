/**
 * Ten thousand messages and five hundred pictures through one real chat, whose reader, the real page in Chromium, scrolls up and
 * down all the while. At each mark it is at the end of the chat, both heaps are collected, and what they hold is printed: it
 * must not grow with what went through.
 */
import { setTimeout as pause } from "node:timers/promises"
import { png, pngChunk } from "@teahouse/client/media/samples.fixture.ts"
import { random } from "@teahouse/server/room/log.fixture.ts"
import { heapBytes } from "./browser/heap.ts"
import { noteTasks, tasksSince } from "./browser/tasks.ts"
import { lineOf, openWorld, talk, type World } from "./browser/world.ts"
import { type Print, round } from "./measure.ts"

const MB = 1_000_000
const WHEEL_PX = 1_200
/** Up so many times, then down. */
const TURN = 12
/** One turn of talking: 95 lines and 5 pictures. */
const LINES = 95
const PICTURES = 5

export async function soak(print: Print, quick: boolean): Promise<void> {
  const [turns, perMark] = quick ? [20, 5] : [100, 20]
  const world = await openWorld()
  try {
    const reader = await world.openReader()
    reader.page.setDefaultTimeout(120_000)
    await reader.openChat("lilei")
    await noteTasks(reader.page)
    await reader.named("log", "Messages").hover()
    let said = 0
    const wheel = (way: 1 | -1) => reader.page.mouse.wheel(0, way * WHEEL_PX)
    for (let turn = 1; turn <= turns; turn++) {
      let talking = true
      const talked = sayTurn(world, said).finally(() => {
        talking = false
      })
      said += LINES
      for (let i = 0; talking; i++) {
        await wheel(i % (2 * TURN) < TURN ? -1 : 1)
        await pause(60)
      }
      await talked
      if (turn % perMark > 0) continue

      const last = reader.page.getByText(lineOf(said - 1).slice(-40), { exact: false }).last()
      while (!(await last.isVisible())) {
        await wheel(1)
        await pause(60)
      }
      const tasks = await tasksSince(reader.page)
      const heap = await heapBytes(world.debuggingPort, world.house.url)
      print({
        bench: "soak",
        case: `messages${turn * (LINES + PICTURES)} pictures${turn * PICTURES}`,
        server: "teahouse",
        tasksOver50Ms: tasks.length,
        longestTaskMs: round(Math.max(0, ...tasks)),
        pageHeapMb: round(heap.page / MB),
        workerHeapMb: round(heap.worker / MB),
      })
    }
  } finally {
    await world.close()
  }
}

/** Pictures first, so that a turn ends with a line that the reader can wait for. */
async function sayTurn(world: World, from: number): Promise<void> {
  const { talker, room } = world
  await talker.must("sendFiles", { room, files: Array.from({ length: PICTURES }, newPicture) })
  await talker.until("transfers", undefined, ({ transfers }) => transfers.length === 0)
  await talk(world, LINES, from)
}

/** With a small picture of 12 KB inside the message, as a photograph has. */
function newPicture() {
  const photo = new Blob([png(320, 240, [pngChunk("tEXt", random(50_000))])])
  const thumb = png(64, 48, [pngChunk("tEXt", random(12_000))])
  const media = { kind: "image" as const, width: 320, height: 240, thumb }
  return { source: photo, name: "tea.png", type: "image/png", media }
}
