/**
 * What a house loads before anybody has asked for it: a house on SQLite that orders messages needs neither MLS nor a client, and nothing
 * that its configuration does not name. How much memory that is, `npm run bench -- startup` says.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { callerOf, publish, register } from "@teahouse/server/http/house.fixture.ts"
import { expect, it } from "vitest"
import { begin } from "./run.fixture.ts"

const hook = fileURLToPath(new URL("loaded.fixture.mjs", import.meta.url))

/** Of packages, or parts of this repository. */
const late = {
  "MLS, for what has to be judged": /node_modules\/(ts-mls|@hpke)\//,
  "Fastify's compilers of JSON schemas": /node_modules\/(ajv|@fastify\/(ajv|fast-json-stringify)-compiler)\//,
  MySQL: /node_modules\/mysql2\//,
  NATS: /node_modules\/@nats-io\//,
  "a bucket for files": /server\/src\/blob\/s3\//,
  ACME: /server\/src\/tls\/acme\//,
  "a certificate of its own": /server\/src\/tls\/self-signed\//,
  backups: /server\/src\/backup\/(take|restore|check)/,
  "other commands": /teahouse\/src\/(doctor|backup|restore|db|blobs|admin)\.ts/,
  "a client": /packages\/(client|web)\/|node_modules\/(react|ink|idb)\//,
} as const

it("loads at the start nothing that nobody has asked for, and MLS with the first key package", async () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-loaded-"))
  const file = join(data, "loaded.txt")
  const { child, said } = begin(["serve", "--port", "0", "--data", join(data, "house")], {
    NODE_OPTIONS: `--import ${hook}`,
    LOADED: file,
    TEAHOUSE_STRETCHING: "8,1,1",
  })
  try {
    await expect.poll(() => said.out).toMatch(/is open at/)
    const loaded = () => readFileSync(file, "utf8").split("\n")
    const there = loaded()
    // The list is one: what the house stands on is in it.
    expect(there.some((one) => one.includes("/server/src/main.ts"))).toBe(true)
    expect(there.some((one) => one.includes("/server/src/db/writer.ts"))).toBe(true)
    expect(there.some((one) => one.includes("node_modules/fastify/"))).toBe(true)
    const wrong = Object.entries(late).flatMap(([what, where]) => {
      const found = there.find((one) => where.test(one))
      return found ? [`${what}: ${found}`] : []
    })
    expect(wrong).toEqual([])

    const speaker = { call: callerOf(/open at (\S+)/.exec(said.out)?.[1] as string) }
    await publish(speaker, await register(speaker, "lin"))
    expect(loaded().some((one) => one.includes("node_modules/ts-mls/"))).toBe(true)
  } finally {
    child.kill("SIGKILL")
    rmSync(data, { recursive: true, force: true })
  }
})
