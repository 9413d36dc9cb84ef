import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { type RunningHouse, type StartOptions, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, it } from "vitest"
import { freePorts } from "../../../test/free-ports.ts"
import { examineLife } from "./healthcheck.ts"

const root = resolve(import.meta.dirname, "../../..")

let folder: string
let house: RunningHouse | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-health-"))
})
afterEach(async () => {
  await house?.stop()
  house = undefined
  rmSync(folder, { recursive: true, force: true })
})
const open = async (options: StartOptions) => {
  house = await startHouse({ port: 0, data: folder, logLevel: "silent", ...options })
  return String(house.port)
}
/** In English what is wrong; nothing where it is alive. */
const said = async (env: Record<string, string>, args: readonly string[] = []) =>
  (await examineLife(args, { TEAHOUSE_DATA: folder, ...env })).map(({ en }) => en)

it("asks the port of the configuration, by what it speaks there", async () => {
  const port = await open({ limits: { requestsPerSecondAddress: 1, requestBurstAddress: 5 } })
  expect(await said({ TEAHOUSE_PORT: port })).toEqual([])
  expect(await said({}, ["--port", port])).toEqual([])
  const other = await said({ TEAHOUSE_PORT: port, TEAHOUSE_TLS: "self-signed" })
  expect(other).toEqual([expect.stringContaining(`https://0.0.0.0:${port}/livez`)])
  // Behind a proxy that names nobody, all of this machine's share may be used up.
  const many = await Promise.all(
    Array.from({ length: 10 }, async () => (await fetch(`http://127.0.0.1:${port}/livez`)).status),
  )
  expect(many).toContain(429)
  expect(await said({ TEAHOUSE_PORT: port })).toEqual([])
  await house?.stop()
  house = undefined
  expect(await said({ TEAHOUSE_PORT: port })).toEqual([
    expect.stringContaining(`Nothing answers at http://127.0.0.1:${port}/livez`),
  ])
})

it("by https, whatever the certificate's names are", async () => {
  const port = await open({
    selfSigned: true,
    host: "0.0.0.0",
    redirectPort: 0,
    origins: ["https://tea.lan"],
  })
  const env = { TEAHOUSE_PORT: port, TEAHOUSE_TLS: "self-signed", TEAHOUSE_ORIGIN: "https://tea.lan" }
  expect(await said({ ...env, TEAHOUSE_REDIRECT_PORT: String(house?.redirectPort) })).toEqual([])
})

it("takes a house that waits for its first certificate for alive", async () => {
  const [redirectPort, nobody] = (await freePorts(2)) as [number, number]
  const directory = `https://localhost:${nobody}/dir`
  const acme = { names: ["tea.example"], directory }
  const port = await open({ host: "127.0.0.1", acme, origins: ["https://tea.example"], redirectPort })
  const env = {
    ...{ TEAHOUSE_HOST: "127.0.0.1", TEAHOUSE_PORT: port, TEAHOUSE_REDIRECT_PORT: String(redirectPort) },
    ...{ TEAHOUSE_ACME: "tea.example", TEAHOUSE_ACME_AGREE: "yes", TEAHOUSE_ACME_DIRECTORY: directory },
  }
  expect(await said(env)).toEqual([])
  await house?.stop()
  house = undefined
  expect(await said(env)).toHaveLength(1)
})

it("says what is wrong with the configuration itself", async () => {
  expect(await said({ TEAHOUSE_PORT: "0" })).toEqual([expect.stringContaining("Set port")])
  expect(await said({ TEAHOUSE_PORT: "tea" })).toEqual([expect.stringContaining("TEAHOUSE_PORT")])
})

it("is what the image asks, and ends with nothing but 0 and 1", async () => {
  const [, words = ""] =
    /^HEALTHCHECK(?:.|\n)*?\n {2}CMD (\[.*\])$/m.exec(
      readFileSync(join(root, "deploy/docker/Dockerfile"), "utf8"),
    ) ?? []
  const [program, ...args] = JSON.parse(words) as string[]
  expect(program).toBe("node")
  const port = await open({})
  const end = (env: Record<string, string>) =>
    new Promise<number | string | null | undefined>((done) => {
      const given = { PATH: process.env.PATH, TEAHOUSE_DATA: folder, ...env }
      execFile(process.execPath, args, { cwd: root, env: given }, (error) => done(error ? error.code : 0))
    })
  expect(await end({ TEAHOUSE_PORT: port })).toBe(0)
  expect(await end({ TEAHOUSE_PORT: port, TEAHOUSE_TLS: "self-signed" })).toBe(1)
})
