/** A server in a process of its own on a core of its own, and its CPU time as the kernel counts it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const pinned = spawnSync("taskset", ["--version"]).status === 0
const NS_PER_US = 1_000

export type Running = {
  readonly port: number
  /** User and system time of the process with all its threads so far, µs. */
  readonly cpuUs: () => number
  /** Memory of the process, bytes. */
  readonly rss: () => number
  /** File descriptors that it has open. */
  readonly descriptors: () => number
  readonly stop: () => Promise<void>
}

/** Resident memory of a process, bytes. */
export const rssOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024

/**
 * User and system time of all threads of a process, µs: from the scheduler, which counts nanoseconds, where /proc/PID/stat counts hundredths of
 * a second and a short run would be mostly rounding. Of threads that have ended nothing is known; none of these servers ends any.
 */
function cpuOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const spent = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"))
  return spent.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0) / NS_PER_US
}

/** Everything but the server stays off the server's core. */
export function pinLoad(): void {
  if (pinned) spawnSync("taskset", ["-a", "-p", "-c", "1", String(process.pid)])
}

/** A program on the server's core. Its standard input is a pipe whose end tells our own peers to go. */
export function launch(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  errors: "inherit" | "pipe" = "inherit",
): ChildProcess {
  const [program, ...rest] = pinned ? ["taskset", "-c", "0", ...command] : command
  return spawn(program as string, rest, {
    stdio: ["pipe", "pipe", errors],
    env: { ...process.env, ...environment },
  })
}

/** What is counted of a process that listens there: it has no child that works for it. */
export function runningOf(child: ChildProcess, port: number, end: () => void): Running {
  return {
    port,
    cpuUs: () => cpuOf(child.pid as number),
    rss: () => rssOf(child.pid as number),
    descriptors: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async stop() {
      const gone = once(child, "exit")
      end()
      await gone
    },
  }
}

export const start = (name: string, ...args: string[]): Promise<Running> => startWith([], name, ...args)

/** `flags`: Node's. */
export async function startWith(flags: readonly string[], name: string, ...args: string[]): Promise<Running> {
  const script = fileURLToPath(new URL(`../peers/${name}.ts`, import.meta.url))
  const child = launch([process.execPath, ...flags, script, ...args])
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer]
  const { port } = JSON.parse(line.toString()) as { port: number }
  return runningOf(child, port, () => child.stdin?.end())
}
