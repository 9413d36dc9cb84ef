/** The program from nothing to an answer: with an empty folder, and again. Its memory then, and what was loaded that nobody asked for. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rssOf } from "./fanout/process.ts"
import { median, type Print, round } from "./measure.ts"

const PROGRAM = join(import.meta.dirname, "../packages/teahouse/bin/teahouse.mjs")
/** What starting took is given back in the first quiet second. */
const SETTLE_MS = 4_000
const TICK_US = 10_000

async function open(data: string) {
  const began = performance.now()
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, "serve", "--port", "0", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  let text = ""
  while (!/is open at (\S+)/.test(text)) {
    const [part] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer]
    text += part.toString()
  }
  const url = /is open at (\S+)/.exec(text)?.[1] ?? ""
  while (
    !(await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    await new Promise((next) => setTimeout(next, 5))
  }
  const ms = performance.now() - began
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8")
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * TICK_US) / 1000
  await new Promise((next) => setTimeout(next, SETTLE_MS))
  const memory = rssOf(child.pid as number)
  child.kill("SIGTERM")
  await once(child, "exit")
  return { ms, cpuMs, memory }
}

export async function startup(print: Print, quick: boolean): Promise<void> {
  const turns = quick ? 3 : 7
  const seen = {
    fresh: [] as Awaited<ReturnType<typeof open>>[],
    again: [] as Awaited<ReturnType<typeof open>>[],
  }
  for (let i = 0; i < turns; i++) {
    const data = mkdtempSync(join(tmpdir(), "teahouse-startup-"))
    seen.fresh.push(await open(data))
    seen.again.push(await open(data))
    rmSync(data, { recursive: true, force: true })
  }
  for (const [name, all] of Object.entries(seen))
    print({
      ...{ bench: "startup", case: name, server: "teahouse" },
      ...{ ms: round(median(all.map(({ ms }) => ms))), cpuMs: round(median(all.map(({ cpuMs }) => cpuMs))) },
      memoryMb: round(median(all.map(({ memory }) => memory)) / 1024 / 1024),
    })
}
