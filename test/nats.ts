/** A real nats-server for tests: on the loopback address and a port that was free a moment ago. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { connect } from "node:net"
import { freePorts } from "./free-ports.ts"
import { findProgram } from "./program.ts"

const program = findProgram("nats-server")
export const hasNats = program !== undefined

export type Nats = Awaited<ReturnType<typeof startNats>>

const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("data", () => done(true)).once("error", () => done(false))
    socket.once("data", () => socket.destroy())
  })

export async function startNats(more: readonly string[] = []) {
  const [port] = (await freePorts(1)) as [number]
  let server: ChildProcess | undefined

  const start = async (other = more) => {
    const child = spawn(program as string, ["--addr", "127.0.0.1", "--port", String(port), ...other], {
      stdio: "ignore",
    })
    server = child
    for (let patience = 200; !(await answers(port)); patience--) {
      if (patience === 0 || child.exitCode !== null) throw new Error("nats-server did not start")
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const stop = async (signal: NodeJS.Signals = "SIGKILL") => {
    const child = server
    server = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, "exit")
  }
  await start()
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    /** Again, on the same port; with other arguments, if they are given. */
    start,
    stop,
    /** SIGSTOP and SIGCONT: a server that takes nothing and is not gone. */
    pause: () => server?.kill("SIGSTOP"),
    resume: () => server?.kill("SIGCONT"),
  }
}
