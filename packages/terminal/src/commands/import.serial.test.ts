/** An import and the bots of an account, as a script runs them: the real program, a real house. */
import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { zip } from "@teahouse/client/import/zip.fixture.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type House, openHouse } from "../../../../test/house.ts"

const PROGRAM = resolve(import.meta.dirname, "../../../teahouse/bin/teahouse.mjs")
let folder: string
let house: House
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-import-"))
  house = await openHouse()
})
afterAll(async () => {
  await house?.remove()
  rmSync(folder, { recursive: true, force: true })
})

type Ran = { code: number | null; err: string; lines: Record<string, unknown>[] }
function run(args: readonly string[], input = ""): Promise<Ran> {
  const env = { ...process.env, TEAHOUSE_DATA_HOME: folder, LC_ALL: "en_US.UTF-8" }
  const child = spawn(process.execPath, [PROGRAM, ...args, "--profile", "lan"], { env, stdio: "pipe" })
  let [out, err] = ["", ""]
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text
  })
  child.stdin.end(input)
  const lines = () =>
    out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return new Promise((done) => child.on("close", (code) => done({ code, err, lines: lines() })))
}

test("a Telegram export comes in with its files and a report, once; what is damaged changes nothing; a bot's token", async () => {
  const account = ["account", "create", "--server", house.url, "--user", "lan", "--password-stdin"]
  expect((await run(account, "three quiet cups of oolong\n")).code).toBe(0)

  const from = join(folder, "export")
  mkdirSync(join(from, "files"), { recursive: true })
  writeFileSync(join(from, "files", "notes.txt"), "first flush\n")
  const message = (id: number, more: object) => ({
    ...{ id, type: "message", date_unixtime: String(1_711_375_380 + id), from: "Han Meimei" },
    ...more,
  })
  const messages = [
    ...Array.from({ length: 260 }, (_, id) => message(id, { text: `cup ${id} 杯` })),
    message(500, { text: "look", file: "files/notes.txt", file_name: "notes.txt" }),
    message(501, { text: "gone", file: "files/none.txt" }),
    { id: 502, type: "hologram", date_unixtime: "1" },
  ]
  const whole = JSON.stringify({ name: "Tea", type: "personal_chat", id: 1, messages })
  const file = join(from, "result.json")
  const brought = (path = from) => run(["import", "--from", path])

  writeFileSync(file, whole.slice(0, -40))
  expect(await brought()).toMatchObject({ code: 36, lines: [], err: expect.stringContaining("damaged") })
  writeFileSync(file, whole)
  const first = await brought()
  expect(first.code).toBe(0)
  expect(first.err).toContain("2 things could not be read")
  // A line for each block of 256, then the report.
  expect(first.lines.slice(0, -1)).toEqual([
    { chat: "Tea", done: 256, of: 262 },
    { chat: "Tea", done: 262, of: 262 },
  ])
  expect(first.lines.at(-1)).toEqual({
    ...{ chats: 1, messages: 262, files: 1, before: 0 },
    unread: [
      { chat: "Tea", where: "message 502", why: "unknown_kind" },
      { chat: "Tea", where: "files/none.txt", why: "file_not_included" },
    ],
  })
  // The same again takes nothing twice.
  expect((await brought()).lines).toMatchObject([{ before: 262, files: 0 }])
  expect((await brought(join(folder, "nothing"))).code).toBe(36)
  writeFileSync(join(folder, "utf16.txt"), Buffer.from("\ufeff[25/03/2024, 14:03:00] a: b", "utf16le"))
  expect(await brought(join(folder, "utf16.txt"))).toMatchObject({
    code: 36,
    err: expect.stringContaining("UTF-8"),
  })
  expect((await run(["import", "--from", from, "--to", "nobody"])).code).toBe(33)
  writeFileSync(join(folder, "letter.txt"), "Dear Lin,\n")
  expect((await brought(join(folder, "letter.txt"))).err).toContain("neither a Telegram")

  const out = join(folder, "out")
  expect((await run(["export", "--to", out])).lines).toMatchObject([{ missing: [] }])
  const kept = readFileSync(join(out, "self", "messages.json"), "utf8")
  for (const words of ["cup 0 杯", "cup 259 杯", "📎 none.txt\\ngone", "Han Meimei", '"imported":true'])
    expect(kept).toContain(words)
  // A line's file is its own in the export, too.
  expect(kept).toMatch(/"text":"look".*"path":"files\/notes/)

  // The telephone's archive, and the same chat exported again later; one of the two is taken away.
  const called = join(folder, "WhatsApp Chat - Mei.zip")
  const chat = ["[25/03/2023, 14:03:00] Mei: one", "[26/03/2023, 14:03:00] Mei: <attached: leaf.txt>"]
  const archive = async (...more: string[]) =>
    writeFileSync(
      called,
      await zip([
        { name: "_chat.txt", bytes: Buffer.from([...chat, ...more].join("\n")) },
        { name: "leaf.txt", bytes: Buffer.from("green") },
      ]),
    )
  await archive()
  expect((await brought(called)).lines.at(-1)).toMatchObject({ messages: 2, before: 0, files: 1, unread: [] })
  await archive("[27/03/2023, 14:03:00] Mei: two")
  expect((await brought(called)).lines.at(-1)).toMatchObject({ messages: 1, before: 2, files: 0 })
  const listed = (await run(["import", "list"])).lines
  const mei = { chat: "self", source: "whatsapp", title: "Mei" }
  expect(listed).toMatchObject([
    { ...mei, messages: 2 },
    { ...mei, messages: 1 },
    { title: "Tea", messages: 262 },
  ])
  const id = listed[0]?.import as string
  expect((await run(["import", "drop", id])).lines).toEqual([{ import: id, dropped: true, messages: 2 }])

  const [{ token } = { token: "" }] = (await run(["bot", "token"])).lines
  expect(token).toMatch(/^[\w-]{107}$/)
  expect((await run(["bot", "remove", "nobody"])).code).toBe(33)
})
