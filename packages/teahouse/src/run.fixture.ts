/** The program in a process of its own, and what it has said. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("../bin/teahouse.mjs", import.meta.url))

export function begin(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } })
  const said = { out: "", err: "" }
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said.out += text
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.err += text
  })
  const ended = once(child, "close").then(([code]) => ({ ...said, code: code as number | null }))
  return { child, said, ended }
}
export const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  begin(args, env).ended
