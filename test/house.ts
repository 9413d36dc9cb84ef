/** A real house: the program in a process of its own, on a free port, with a data folder that goes away afterwards. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..")
const OPEN = /Teahouse is open at (http:\/\/\S+)/
const START_MS = 20_000

export type House = {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Folder of the database and keys; still there after `stop`, gone after `remove`. */
  readonly data: string
  /** Everything that the process has written so far, on both outputs. */
  output(): string
  /** Until it has ended by itself. Gives the exit code. */
  ended(): Promise<number | null>
  /** SIGTERM, as a person or a service manager does it. Gives the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: what a power cut looks like to the program. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT: a machine that is busy with something else. */
  pause(): void
  /** SIGHUP: what a service manager says where the configuration has changed. */
  hangUp(): void
  resume(): void
  /** Again, with the same data. The port is another one unless it is given. */
  restart(port?: number): Promise<House>
  /** Stops it if it runs, and deletes the data. */
  remove(): Promise<void>
}

export type HouseOptions = {
  readonly data?: string
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
  /** Node's own. */
  readonly flags?: readonly string[]
  /** A program that starts the house in its turn: its own arguments, and behind them what it starts. */
  readonly within?: readonly string[]
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "teahouse-test-"))
  const program = join(root, "packages", "teahouse", "bin", "teahouse.mjs")
  const [command, ...args] = [
    ...[...(options.within ?? []), process.execPath, ...(options.flags ?? []), program],
    ...["serve", "--port", String(options.port ?? 0), "--data", data],
  ]
  const child = spawn(command as string, args, {
    cwd: root,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const running = await follow(child)
  const house: House = {
    ...running,
    port: Number(new URL(running.url).port),
    pid: child.pid as number,
    data,
    kill: async () => {
      await running.end("SIGKILL")
    },
    stop: () => running.end("SIGTERM"),
    pause: () => void child.kill("SIGSTOP"),
    hangUp: () => void child.kill("SIGHUP"),
    resume: () => void child.kill("SIGCONT"),
    restart: async (port) => {
      await house.stop()
      return openHouse({ ...options, data, ...(port === undefined ? {} : { port }) })
    },
    remove: async () => {
      await house.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
  return house
}

export type Running = Pick<House, "url" | "output" | "ended"> & {
  /** Gives the exit code; the one that it has ended with where it has. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Resolves when the house that this process opens is open. */
export async function follow(child: ChildProcess): Promise<Running> {
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text))
  const url = await opened(child, () => output)
  const runs = () => child.exitCode === null && child.signalCode === null
  const gone = async () => {
    if (runs()) await once(child, "exit")
  }
  return {
    url,
    output: () => output,
    async ended() {
      await gone()
      return child.exitCode
    },
    async end(signal) {
      if (runs()) child.kill(signal)
      await gone()
      return child.exitCode
    },
  }
}

function opened(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((done, fail) => {
    const timer = setTimeout(
      () => finish(new Error(`the house did not open within ${START_MS} ms:\n${output()}`)),
      START_MS,
    )
    const look = () => {
      const url = OPEN.exec(output())?.[1]
      if (url !== undefined) finish(url)
    }
    const finish = (result: string | Error) => {
      clearTimeout(timer)
      child.stdout?.off("data", look)
      child.off("exit", left)
      if (typeof result === "string") done(result)
      else {
        child.kill("SIGKILL")
        fail(result)
      }
    }
    const left = (code: number | null) =>
      finish(new Error(`the house ended (${code}) before it opened:\n${output()}`))
    child.stdout?.on("data", look)
    child.once("exit", left)
  })
}
