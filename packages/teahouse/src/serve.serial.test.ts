import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
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

  it("says what is wrong in both languages and ends with 1, or 17 where a house is open", async () => {
    const first = run(["--port", "0", "--data", data])
    const port = new URL(await first.open()).port
    for (const [args, words, code] of [
      [["--port", port, "--data", join(data, "other")], `Port ${port} is in use`, 1],
      [["--port", "0", "--data", data], "in use by another Teahouse", 17],
      [["--port", "x"], "Flag --port: “x” is not valid", 1],
      [["--colour"], "An argument was not understood", 1],
    ] as const) {
      const { said, ended } = run(args)
      expect((await ended)[0]).toBe(code)
      expect(said.err).toContain(words)
      expect(said.err).toMatch(/\p{Script=Han}/u)
      expect(said.err).not.toContain("    at ")
    }
  })

  it("leads to the house that is open in the same folder, where it is to open a browser, and to no other", async () => {
    // No path: whatever opens a browser on this machine is not found.
    const env = { PATH: "" }
    const first = run(["--port", "0", "--data", data])
    const url = await first.open()
    const again = run(["--open", "--port", "0", "--data", data], env)
    expect((await again.ended)[0]).toBe(0)
    expect(again.said.out).toContain(`Teahouse is open already, at ${url}\n`)

    // It was killed, so its address is still written down; another house is there now.
    first.child.kill("SIGKILL")
    await first.ended
    const { port } = new URL(url)
    const other = run(["--port", port, "--data", join(data, "other")])
    await other.open()
    const lost = run(["--open", "--port", port, "--data", data], env)
    expect((await lost.ended)[0]).toBe(1)
    expect(lost.said.err).toContain(`Port ${port} is in use`)
    const without = run(["--no-open", "--port", "0", "--data", join(data, "other")], env)
    expect((await without.ended)[0]).toBe(17)
  })

  it("reads server.conf, and says whether it is right and what holds", async () => {
    const path = join(data, "server.conf")
    writeFileSync(path, "[server]\nSERVER_IP = 127.0.0.1\nHTTP_PORT = 0\nSOCKET_PORT = 0\nDATA = d\n")
    const { open } = run(["--config", path])
    await open()
    expect(existsSync(join(data, "d", "house.json"))).toBe(true)

    const check = run(["config", "check", "--config", path])
    expect((await check.ended)[0]).toBe(0)
    expect(check.said.out).toContain(`The configuration is right (${path})`)
    // What is printed is a configuration that says the same.
    const print = run(["config", "print", "--config", path])
    await print.ended
    expect(print.said.out).toContain(`# ${path}, line 3, HTTP_PORT\nport = 0\n`)
    writeFileSync(path, print.said.out)
    const again = run(["config", "print", "--config", path])
    await again.ended
    const values = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
    expect(values(again.said.out)).toEqual(values(print.said.out))

    writeFileSync(path, "[server]\nHTTP_PORT = many\n")
    const wrong = run(["config", "check", "--config", path])
    expect((await wrong.ended)[0]).toBe(1)
    expect(wrong.said.err).toContain(`${path}, line 2, HTTP_PORT: “many” is not valid`)
    expect((await run(["config", "mend"]).ended)[0]).toBe(2)
  })

  it("does not know other commands", async () => {
    const { said, ended } = run(["brew"])
    expect((await ended)[0]).toBe(2)
    expect(said.err).toContain("serve")
  })
})
