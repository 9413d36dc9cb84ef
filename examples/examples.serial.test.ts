/** The examples as they are started by hand: real programs, a real house. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openPerson, type Person } from "../test/headless/person.ts"
import { type House, openHouse } from "../test/house.ts"

let folder: string
let house: House
let lan: Person
const programs: ChildProcess[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-examples-"))
  house = await openHouse()
  lan = openPerson(house.url)
})
afterEach(async () => {
  for (const child of programs.splice(0)) if (child.exitCode === null) child.kill("SIGKILL")
  await lan.client.stop()
  await house.remove()
  rmSync(folder, { recursive: true, force: true })
})

type Said = { readonly child: ChildProcess; says(words: RegExp): Promise<RegExpExecArray> }

function start(name: string, environment: Record<string, string>): Said {
  const env = {
    ...{ PATH: process.env.PATH ?? "", LC_ALL: "en_US.UTF-8" },
    ...{ TEAHOUSE_SERVER: house.url, TEAHOUSE_DATA_HOME: folder },
    ...environment,
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, name, "main.ts")], { env, stdio: "pipe" })
  programs.push(child)
  let out = ""
  const add = (text: Buffer) => {
    out += text
  }
  child.stdout.on("data", add)
  child.stderr.on("data", add)
  const says = async (words: RegExp) => {
    await expect.poll(() => out, { timeout: 60_000 }).toMatch(words)
    return words.exec(out) as RegExpExecArray
  }
  return { child, says }
}

const token = async () => (await lan.must("makeBotToken", {})).token
async function meet(name: string) {
  await lan.must("requestFriend", { username: name, line: "" })
  return lan.chatWith(name)
}

test("echo, reminder and bridge", async () => {
  await lan.register("lan")
  const posted: unknown[] = []
  const hook = createServer(async (request, response) => {
    let body = ""
    for await (const part of request) body += part
    posted.push(JSON.parse(body))
    response.end()
  })
  hook.listen(0, "127.0.0.1")
  await once(hook, "listening")
  const secret = "a secret of the bridge"
  writeFileSync(join(folder, "token"), `${await token()}\n`)
  // However long it takes to be friends, one of the times is still to come.
  const soon = Array.from({ length: 30 }, (_, i) => new Date(Date.now() + 4_000 * (i + 1)))
  const times = soon.map((one) => one.toTimeString().slice(0, 8)).join()
  const echo = start("echo", { TEAHOUSE_BOT_TOKEN: await token() })
  const reminder = start("daily-reminder", { TEAHOUSE_BOT_TOKEN: await token(), REMIND_AT: times })
  const bridge = start("webhook-bridge", {
    ...{ TEAHOUSE_BOT_TOKEN_FILE: join(folder, "token"), HOOK_PORT: "0", HOOK_SECRET: secret },
    HOOK_TO: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
  })
  await Promise.all([echo.says(/echo is here/), reminder.says(/reminder is here/)])
  const [, door = ""] = await bridge.says(/listening on (\S+)/)
  const [said, reminded, bridged] = await Promise.all([meet("echo"), meet("reminder"), meet("bridge")])

  await lan.say(said, "三点喝茶？")
  await lan.reads(said, ["三点喝茶？", "三点喝茶？"])
  await lan.say(bridged, "is it green?")
  await expect.poll(() => posted, { timeout: 20_000 }).toMatchObject([{ from: "lan", text: "is it green?" }])
  const post = (authorization: string, body: string) =>
    fetch(door, { method: "POST", headers: { authorization }, body }).then((answer) => answer.status)
  expect(await post("Bearer not the secret", "no")).toBe(401)
  expect(await post(`Bearer ${secret}`, "x".repeat(20_000))).toBe(413)
  expect(await post(`Bearer ${secret}`, "It is green 绿了")).toBe(204)
  await lan.reads(bridged, ["is it green?", "It is green 绿了"])
  await lan.until("timeline", { room: reminded, around: "end", limit: 9 }, ({ items }) =>
    items.some((item) => item.type === "message" && item.text.includes("喝茶")),
  )

  // Told to stop, they stop well; a name without a token says what is missing.
  echo.child.kill("SIGTERM")
  expect(await once(echo.child, "exit")).toEqual([0, null])
  const without = start("echo", {})
  await without.says(/Set TEAHOUSE_BOT_TOKEN/)
  const wrong = start("echo", { TEAHOUSE_BOT_TOKEN: "no token", TEAHOUSE_BOT_NAME: "other" })
  await wrong.says(/not valid/)
  hook.close()
})
