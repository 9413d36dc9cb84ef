/** What becomes of a bot: its folder is lost, its owner is kept out and comes back. A real program, a real house. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { befriend, eventsOf, openPerson, type Person, textsOf } from "../../../../test/headless/person.ts"
import { type House, openHouse } from "../../../../test/house.ts"
import { EXIT } from "../say/exit.ts"

const ECHO = resolve(import.meta.dirname, "../../../../examples/echo/main.ts")
let folder: string
let house: House
let host: Person
let lan: Person
let bo: Person
const programs: ChildProcess[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-bot-lives-"))
  house = await openHouse()
  ;[host, lan, bo] = [openPerson(house.url), openPerson(house.url), openPerson(house.url)]
  // The first account of a house that only its own machine reaches is its administrator.
  await host.register("host")
  await Promise.all([lan.register("lan"), bo.register("bo")])
})
afterAll(async () => {
  for (const child of programs) if (child.exitCode === null) child.kill("SIGKILL")
  await Promise.all([host, lan, bo].map((one) => one?.client.stop()))
  await house?.remove()
  rmSync(folder, { recursive: true, force: true })
})

function start(environment: Record<string, string>, language = "en_US.UTF-8") {
  const env = {
    ...{ PATH: process.env.PATH ?? "", LC_ALL: language, TEAHOUSE_DATA_HOME: join(folder, "data") },
    ...environment,
  }
  const child = spawn(process.execPath, [ECHO], { env, stdio: "pipe" })
  let out = ""
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      out += text
    })
  programs.push(child)
  return {
    child,
    says: (words: RegExp) => expect.poll(() => out).toMatch(words),
    async ends(code: number, words: RegExp) {
      if (child.exitCode === null) await once(child, "close")
      expect([child.exitCode, out]).toEqual([code, expect.stringMatching(words)])
    },
  }
}

const count = (items: Parameters<typeof textsOf>[0], text: string) =>
  textsOf(items).filter((one) => one === text).length

test("a bot whose folder is gone comes back by its token; while its owner is kept out it is out", async () => {
  await befriend(lan, "lan", bo, "bo")
  const { token } = await lan.must("makeBotToken", {})
  const whole = { TEAHOUSE_SERVER: house.url, TEAHOUSE_BOT_TOKEN: token }
  const first = start(whole)
  await first.says(/echo is here/)
  await lan.must("requestFriend", { username: "echo", line: "" })
  await lan.chatWith("echo")
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 2)
  const members = friends.map((one) => one.user)
  const { room } = await lan.must("createGroup", { name: "茶友", members })
  await bo.until("room", { room }, (value) => value.state === "here" && value.members.length === 3)
  await bo.say(room, "one")
  await bo.reads(room, ["one", "one"])

  first.child.kill("SIGTERM")
  await first.ends(EXIT.done, /echo is here/)
  rmSync(join(folder, "data"), { recursive: true })
  await bo.say(room, "while it was lost")
  await start({ TEAHOUSE_BOT_TOKEN: token }).ends(EXIT.notFound, /set TEAHOUSE_SERVER: with the same token/)
  await start({ TEAHOUSE_BOT_TOKEN: token }, "zh_CN.UTF-8").ends(EXIT.notFound, /请设置 TEAHOUSE_SERVER/)
  await start({ TEAHOUSE_SERVER: house.url }).ends(EXIT.usage, /the owner's app makes the token/)
  const again = start(whole)
  await again.says(/echo is here/)
  await bo.timeline(room, (items) => eventsOf(items).includes("new_device"))
  await bo.say(room, "two")
  // Nothing that it has read before is answered a second time.
  await bo.timeline(room, (items) => count(items, "two") === 2)
  expect(count((await bo.timeline(room, () => true)).items, "one")).toBe(2)

  const lanUser = (await bo.until("contacts", undefined, (value) => value.friends.length === 1)).friends[0]
    ?.user
  await host.must("administer", { name: "adminDisable", params: { user: lanUser }, request: {} })
  await again.ends(EXIT.notSignedIn, /session/i)
  await start(whole).ends(EXIT.refused, /closed|disabled|administrator/i)
  await bo.say(room, "three")
  await host.must("administer", { name: "adminEnable", params: { user: lanUser }, request: {} })
  const back = start(whole)
  await bo.timeline(room, (items) => count(items, "three") === 2)
  back.child.kill("SIGTERM")
  await back.ends(EXIT.done, /echo is here/)
})
