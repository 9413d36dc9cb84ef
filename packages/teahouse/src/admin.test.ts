/** `teahouse admin` beside a house that is open: what it says, what it ends with, and what the house makes of it. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { onMysql } from "@teahouse/server/db/database.fixture.ts"
import {
  listen,
  login,
  openTestHouse,
  register,
  type TestHouse,
} from "@teahouse/server/http/house.fixture.ts"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { readDuration, readSize } from "./admin/amounts.ts"
import { readAsked } from "./admin/asked.ts"
import { tableOf } from "./admin/table.ts"
import { admin } from "./admin.ts"
import { fromSource } from "./program.ts"

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse({ database: "sqlite", limits: { sessionRecheckMs: 300 } })
})
afterAll(() => house.remove())
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

async function run(words: string, data = house.data) {
  const [out, err]: [string[], string[]] = [[], []]
  vi.spyOn(console, "log").mockImplementation((line) => void out.push(line))
  vi.spyOn(console, "error").mockImplementation((line) => void err.push(line))
  process.exitCode = undefined
  await admin([...words.split(" "), "--data", data], fromSource)
  const code = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  return { out: out.join("\n"), err: err.join("\n"), code }
}
const json = async (words: string) => JSON.parse((await run(`${words} --json`)).out)

describe.skipIf(onMysql)("on the command line of a house that is open", () => {
  it("disabling ends sessions and sockets without a word to the house; enabling lets them in again", async () => {
    const mei = await register(house, "梅花")
    const socket = await listen(house, mei)
    const said = await run("disable 梅花")
    expect([said.code, said.err]).toEqual([0, ""])
    expect(said.out).toMatch(/“梅花”已停用.*\n“梅花” is disabled/)
    expect((await house.call("me", { token: mei.token })).refusal.kind).toBe("session_expired")
    await expect.poll(() => socket.closed()).toBe(1008)
    expect((await login(house, "梅花", mei.password)).entered?.refusal.kind).toBe("account_disabled")
    expect((await run("enable 梅花")).code).toBe(0)
    expect((await login(house, "梅花", mei.password)).entered?.status).toBe(200)
    await run("reset 梅花")
    expect((await login(house, "梅花", mei.password)).entered?.refusal.kind).toBe("recovery_required")
  })

  it("administrators are made and unmade here, and their accounts are in reach", async () => {
    const ada = await register(house, "ada")
    expect((await house.call("amAdmin", { token: ada.token })).value.admin).toBe(false)
    expect((await run("grant ADA")).out).toContain("“ada” is an administrator now")
    expect((await house.call("amAdmin", { token: ada.token })).value.admin).toBe(true)
    expect((await run("revoke ada")).code).toBe(0)
    expect((await house.call("amAdmin", { token: ada.token })).value.admin).toBe(false)
    await run("grant ada")
    expect((await run("disable ada")).code).toBe(0)
  })

  it("says what is there, for people and for programs", async () => {
    const kai = await register(house, "kai")
    await run("quota kai 1.5g")
    expect((await house.call("quota", { token: kai.token })).value.user).toBe(1.5 * 1024 ** 3)
    const [shown] = await json("users kai")
    expect(shown).toMatchObject({ username: "kai", quota: 1.5 * 1024 ** 3, devices: 1, files: 0 })
    expect((await run("users")).out).toMatch(/^用户 user .*\n(?:.*\n)*kai .* 1\.5 GB /)
    expect((await json("stats")).accounts).toBe((await json("users")).length)
    expect(await json("rooms")).toEqual([])
    const [newest] = await json("audit")
    expect(newest).toMatchObject({ act: "quota", on: "kai", by: null, bytes: 1.5 * 1024 ** 3 })
    expect((await run("audit")).out).toMatch(/命令行 command line +配额 quota +kai +1\.5 GB/)
    expect((await run("quota kai default")).code).toBe(0)
  })

  it("makes invitations, lists and revokes them; a link stands in the answer, once", async () => {
    const made = await json("invite create --uses 3 --expires 12h")
    expect(made.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#invite=[\w-]{43}$/)
    expect(fromBase64url(made.code)).toHaveLength(32)
    const said = await run("invite create")
    expect(said.out).toMatch(/可用 1 次.*\n.*one account.*\n.*\/#invite=[\w-]{43}$/)
    const listed = await json("invite list")
    expect(JSON.stringify(listed)).not.toContain(made.code)
    expect(listed.find((one: { invite: string }) => one.invite === made.invite)).toMatchObject({
      uses: 3,
      used: 0,
    })
    expect((await run(`invite revoke ${made.invite}`)).code).toBe(0)
    expect((await run(`invite revoke ${made.invite}`)).code).toBe(1)
    expect((await run("invites")).out).toContain("已撤销 revoked")
  })

  it("ends with 2 where it is not understood and 1 where it cannot be done, with a sentence in both languages", async () => {
    for (const words of [
      "",
      "frobnicate",
      "disable",
      "disable a b c",
      "quota kai",
      "quota kai lots",
      "invite revoke x",
    ])
      expect((await run(words)).code, words).toBe(2)
    const nobody = await run("disable nobody")
    expect([nobody.code, nobody.err]).toEqual([1, "没有找到这个用户。\nThere is no user with this name."])
    const empty = mkdtempSync(join(tmpdir(), "teahouse-none-"))
    expect((await run("users", empty)).err).toContain("There is no house in")
    expect((await run("users", empty)).code).toBe(1)
    rmSync(empty, { recursive: true })
  })

  it("leaves a database of another schema as it is", async () => {
    const data = mkdtempSync(join(tmpdir(), "teahouse-schema-"))
    const of = (change: string) => {
      const db = new DatabaseSync(join(data, "house.db"))
      db.exec(change)
      const [row] = db.prepare("SELECT MAX(id) AS id FROM migration").all()
      db.close()
      return row?.id
    }
    await (await openTestHouse({ data, database: "sqlite" })).stop()
    const newest = Number(of("DELETE FROM migration WHERE id = (SELECT MAX(id) FROM migration)"))
    const older = await run("stats", data)
    expect([older.code, older.err.includes("Start the house once")]).toEqual([1, true])
    expect(of("SELECT 1")).toBe(newest)
    of("INSERT INTO migration VALUES (9999, 'later', 0)")
    expect((await run("stats", data)).code).toBe(15)
    rmSync(data, { recursive: true })
  })
})

describe("what is typed", () => {
  it("is a size, a duration, or nothing", () => {
    const GB = 1024 ** 3
    const sizes = {
      "0": 0,
      "500M": 500 * 1024 ** 2,
      "5 GB": 5 * GB,
      "1.5g": 1.5 * GB,
      "2TiB": 2048 * GB,
      "7": 7,
    }
    for (const [text, bytes] of Object.entries(sizes)) expect(readSize(text), text).toBe(bytes)
    for (const text of ["", "-1", "5X", "M", "1e9", "2000000T", "１"])
      expect(readSize(text), text).toBeUndefined()
    const spans = { "30m": 1_800_000, "12h": 43_200_000, "7d": 604_800_000, "2W": 1_209_600_000 }
    for (const [text, ms] of Object.entries(spans)) expect(readDuration(text), text).toBe(ms)
    for (const text of ["", "7", "0d", "366d", "1y", "-1d"]) expect(readDuration(text), text).toBeUndefined()
  })

  it("has flags of its own and of the configuration, in any place", () => {
    const read = readAsked(["--data", "here", "users", "--json", "--config=server.conf"])
    expect(read).toEqual({
      asked: { act: "users", search: "" },
      json: true,
      rest: ["--data=here", "--config=server.conf"],
    })
    for (const wrong of [
      "users --uses 3",
      "users --frob",
      "invite create --uses 0",
      "invite create --uses 1001",
    ])
      expect(readAsked(wrong.split(" ")), wrong).toBeUndefined()
  })

  it("stands in columns, also in Chinese", () => {
    expect(
      tableOf([
        ["梅花", "1"],
        ["ada", "22"],
      ]),
    ).toEqual(["梅花  1", "ada   22"])
  })
})
