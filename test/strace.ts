/**
 * A disk that does not keep what was written: the answers of fsync and fdatasync are replaced by strace (Linux; it needs leave to
 * trace, which some containers do not give). The call itself is not made then, as little as a disk that fails has done it.
 */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { findProgram } from "./program.ts"

const strace = findProgram("strace")

/** Installed, and allowed to trace here. */
export const canFailSyncs =
  strace !== undefined && spawnSync(strace, ["-f", "-o", "/dev/null", ...failing({}), "true"]).status === 0

export type Failing = {
  /** SQLite asks by `fsync`, the store of files by `fdatasync`. */
  readonly call?: "fsync" | "fdatasync"
  /** Which calls of each thread fail, as strace has it: `1` the first one, `2+` all from the second on. All of them where nobody says. */
  readonly when?: string
  /** Only those of this file. */
  readonly path?: string
}

export function failing({ call = "fsync", when = "1+", path }: Failing): string[] {
  const which = path === undefined ? [] : ["-P", path]
  return ["-e", `trace=${call}`, ...which, "-e", `inject=${call}:error=EIO:when=${when}`]
}

/** What a program and its arguments are begun with, so that it fails from its first call on. */
export const failingFromTheStart = (which: Failing = {}): readonly string[] => [
  ...[strace as string, "-f", "--seccomp-bpf", "-o", "/dev/null", ...failing(which)],
]

/** From now on, in a process that runs. `end`: the disk is well again. */
export async function failSyncs(pid: number, which: Failing = {}) {
  const tracer = spawn(strace as string, ["-f", "-p", String(pid), ...failing(which)], {
    stdio: ["ignore", "ignore", "pipe"],
  })
  const exit = once(tracer, "exit")
  await new Promise<void>((begun, failed) => {
    let said = ""
    tracer.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text
      if (/ attached\b/.test(said)) begun()
    })
    void exit.then(() => failed(new Error(`strace ended: ${said}`)))
  })
  return {
    async end() {
      tracer.kill("SIGINT")
      await exit
    },
  }
}
