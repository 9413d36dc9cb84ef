/**
 * The house as one file, built here for this system and started as somebody does who has only that: alone in a folder, with no
 * Node on the path, an empty home and nothing said. Two people meet in it; then what else a double click may find.
 */
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { opener } from "../../packages/teahouse/src/browser.ts"
import { ownFolder } from "../../packages/teahouse/src/own-folder.ts"
import { locked, version } from "../../scripts/release/lock.ts"
import { fileName, ownTarget } from "../../scripts/release/targets.ts"
import { root } from "../../scripts/runtime.mjs"
import { openBrowser, openProfile } from "../browser.ts"
import { openPerson, type Person } from "../headless/person.ts"
import { goTheWay } from "../headless/way.ts"
import { follow, type Running } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { arriveAsFriends, openTab } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const target = ownTarget()
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)
const packaged = need(
  "the packaged Node (the house as one file)",
  target !== undefined && process.version === `v${locked(`node_modules/${target.runtime}`)?.version}`,
)

describe.runIf(chromium && packaged && target)("the house as one file", () => {
  let place: string
  const at = (...path: string[]) => join(place, ...path)
  const program = () => at("app", "teahouse")
  const opened = () => (existsSync(at("opened")) ? readFileSync(at("opened"), "utf8") : "")
  /** All that it gets to know. A screen, and a program that writes down what it was asked to open. */
  const environment = () => ({ HOME: at("home"), PATH: at("bin"), DISPLAY: ":0", TEAHOUSE_PORT: "0" })
  const run = (args: readonly string[], env: Record<string, string>) =>
    spawn(program(), args, { cwd: at("app"), env, stdio: ["ignore", "pipe", "pipe"] })
  const start = (...args: string[]) => run(args, environment())
  let browser: Browser
  let house: Running

  beforeAll(async () => {
    browser = await openBrowser()
    place = mkdtempSync(join(tmpdir(), "teahouse-one-file-"))
    const args = ["scripts/release.mjs", "--target", target?.name ?? "", "--out", at("release")]
    const made = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" })
    expect(made.status, made.stderr).toBe(0)
    for (const name of ["app", "home", "bin"]) mkdirSync(at(name))
    if (target) copyFileSync(at("release", fileName(version, target)), program())
    // What is not inside is looked for nowhere: whatever lies beside the file is not ours.
    for (const name of ["bufferutil", "utf-8-validate", "cardinal"]) {
      mkdirSync(at("app", "node_modules", name), { recursive: true })
      const code = `require("node:fs").writeFileSync(${JSON.stringify(at("stranger"))}, "")`
      writeFileSync(at("app", "node_modules", name, "index.js"), code)
    }
    const [command = ""] = opener(process.platform, environment(), "") ?? []
    writeFileSync(at("bin", command), `#!/bin/sh\necho "$1" >> '${at("opened")}'\n`)
    chmodSync(at("bin", command), 0o755)
    house = await follow(start())
  })
  afterAll(async () => {
    await browser?.close()
    await house?.end("SIGKILL")
    if (place) await rm(place, { recursive: true, force: true })
  })

  test("a double click opens it and the browser, and says where everything is kept", async () => {
    const data = ownFolder(process.platform, environment(), at("home"))
    await expect.poll(opened).toBe(`${house.url}\n`)
    await expect.poll(() => house.output()).toContain(`Everything is kept in ${data}`)
    expect(existsSync(join(data, "house.json"))).toBe(true)
    expect(readdirSync(at("app"))).toEqual(["node_modules", "teahouse"])
    expect(existsSync(at("stranger"))).toBe(false)
  })

  test("two people become friends and chat, and a second device has the past", async () => {
    const [lilei, mei] = await arriveAsFriends(
      SECRET,
      [await openProfile(browser), house.url, "lilei"],
      [await openProfile(browser), house.url, "meimei"],
    )
    await lilei.say("good evening 🍵")
    await mei.sees("good evening 🍵")
    await mei.say("Hello, Li Lei")
    await lilei.sees("good evening 🍵", "Hello, Li Lei")
    await mei.page.reload()
    await mei.openChat("lilei")
    await mei.sees("good evening 🍵", "Hello, Li Lei")

    const phone = await openTab(await openProfile(browser), house.url)
    await phone.signIn("lilei", SECRET)
    await phone.openChat("meimei")
    await phone.sees("good evening 🍵", "Hello, Li Lei")
    await phone.say("from the telephone")
    await mei.sees("good evening 🍵", "Hello, Li Lei", "from the telephone")
    await lilei.sees("good evening 🍵", "Hello, Li Lei", "from the telephone")
  })

  test("people go the whole way of a message in a house of its own", async () => {
    const open = (port: number | string) =>
      follow(
        run(["serve", "--no-open", "--port", String(port), "--data", at("another")], {
          ...environment(),
          TEAHOUSE_STRETCHING: "8,1,1",
          TEAHOUSE_LIMIT_COMMIT_INTERVAL_MS: "20",
          TEAHOUSE_LIMIT_COMMIT_BURST: "100",
        }),
      )
    let another = await open(0)
    const people: Person[] = []
    try {
      await goTheWay({
        person() {
          const one = openPerson(another.url)
          people.push(one)
          return one
        },
        async away() {
          expect(await another.end("SIGTERM")).toBe(0)
          return async () => {
            another = await open(new URL(another.url).port)
          }
        },
      })
    } finally {
      await Promise.all(people.map(({ client }) => client.stop()))
      await another.end("SIGKILL")
    }
  })

  test("a second double click leads to the house that is open; whoever wants no browser hears that it is", async () => {
    const before = opened()
    const second = start()
    expect((await once(second, "exit"))[0]).toBe(0)
    await expect.poll(opened).toBe(`${before}${house.url}\n`)
    const third = start("--no-open")
    expect((await once(third, "exit"))[0]).toBe(17)
  })

  test("ends in order, and opens again with what was in it, and without a browser when told so", async () => {
    const about = async () => (await fetch(`${house.url}/api/house`)).json() as Promise<{ house: string }>
    const { house: id } = await about()
    const before = opened()
    expect(await house.end("SIGTERM")).toBe(0)
    house = await follow(start("--no-open"))
    expect((await about()).house).toBe(id)
    expect(await house.end("SIGTERM")).toBe(0)
    expect(opened()).toBe(before)
  })

  test("beside it stand checksums, licences and a list of what is inside, and of nothing else", () => {
    const sums = readFileSync(at("release", "SHA256SUMS"), "utf8").trimEnd().split("\n")
    const named = sums.map((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? []
      expect(
        createHash("sha256")
          .update(readFileSync(at("release", name ?? "")))
          .digest("hex"),
      ).toBe(sum)
      return name
    })
    expect([...named, "SHA256SUMS"].sort()).toEqual(readdirSync(at("release")).sort())

    const bom = readFileSync(at("release", `teahouse-${version}.cdx.json`), "utf8")
    const { components } = JSON.parse(bom) as { components: { name: string; version: string }[] }
    const inside = new Map(components.map((one) => [one.name, one.version]))
    // The server's own, the page's, the one that lies in a package's own folder, and what runs them.
    for (const name of ["fastify", "react", "ts-mls", "mysql2", target?.runtime ?? ""])
      expect(inside.get(name), name).toBe(locked(`node_modules/${name}`)?.version)
    expect(inside.get("ws")).toBe(locked("packages/server/node_modules/ws")?.version)
    for (const name of ["vite", "rolldown", "playwright-core", "vitest"])
      expect(inside.has(name), name).toBe(false)
    const licences = readFileSync(at("release", "LICENSES.txt"), "utf8")
    for (const name of inside.keys()) if (name !== target?.runtime) expect(licences).toContain(`\n${name} `)
    for (const text of [bom, licences]) expect(text).not.toContain(root)
  })
})
