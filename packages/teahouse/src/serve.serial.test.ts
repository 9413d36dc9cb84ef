import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const program = fileURLToPath(new URL("../bin/teahouse.mjs", import.meta.url))
let data: string
let running: ChildProcess[]
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "teahouse-serve-"))
  running = []
})
afterEach(() => {
  for (const child of running) child.kill("SIGKILL")
  rmSync(data, { recursive: true, force: true })
})

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } })
  running.push(child)
  const said = { out: "", err: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text
  })
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>
  const open = async () => {
    await expect.poll(() => said.out, { timeout: 20_000 }).toMatch(/Teahouse is open at http:\/\/\S+\n/)
    return /open at (http:\/\/\S+)/.exec(said.out)?.[1] as string
  }
  return { child, said, ended, open }
}

describe("teahouse serve", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("opens, answers, and closes in order on %s", async (signal) => {
    const { child, said, ended, open } = run(["serve", "--port", "0", "--data", data])
    const url = await open()
    expect(await (await fetch(`${url}/readyz`)).text()).toBe("ready\n")
    child.kill(signal)
    expect(await ended).toEqual([0, null])
    expect(said.err).toBe("")
  })

  it("is what is meant where no command is named, and takes the environment", async () => {
    const { open } = run([], { TEAHOUSE_PORT: "0", TEAHOUSE_DATA: data })
    expect(await open()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it("prints the path of the first link, not the link, where others can reach it", async () => {
    const { said, open } = run(["--host", "0.0.0.0", "--port", "0", "--data", data])
    await open()
    await expect.poll(() => said.out).toContain(join(data, "first-invite.txt"))
    expect(said.out).not.toContain("#invite=")
  })

  it("says what is wrong in both languages and ends with 1", async () => {
    const first = run(["--port", "0", "--data", data])
    const port = new URL(await first.open()).port
    for (const [args, words] of [
      [["--port", port, "--data", join(data, "other")], `Port ${port} is in use`],
      [["--port", "0", "--data", data], "in use by another Teahouse"],
      [["--port", "x"], "The port “x” is not valid"],
      [["--colour"], "An argument was not understood"],
    ] as const) {
      const { said, ended } = run(args)
      expect((await ended)[0]).toBe(1)
      expect(said.err).toContain(words)
      expect(said.err).toMatch(/\p{Script=Han}/u)
      expect(said.err).not.toContain("    at ")
    }
  })

  it("does not know other commands", async () => {
    const { said, ended } = run(["brew"])
    expect((await ended)[0]).toBe(2)
    expect(said.err).toContain("serve")
  })
})
