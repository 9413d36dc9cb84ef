/** The commands as a script runs them: the real program, a real house, profiles on a real disk. */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { exifSegment, jpeg } from "@teahouse/client/media/samples.fixture.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type House, openHouse } from "../../../../test/house.ts"

const PROGRAM = resolve(import.meta.dirname, "../../../teahouse/bin/teahouse.mjs")
const SECRET = "three quiet cups of oolong"

let folder: string
let house: House
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-commands-"))
  house = await openHouse()
})
afterAll(async () => {
  await house?.remove()
  rmSync(folder, { recursive: true, force: true })
})

type Ran = { code: number | null; out: string; err: string; lines: Record<string, unknown>[] }

function run(args: readonly string[], input = "", closeAtOnce = false): Promise<Ran> {
  const env = { ...process.env, TEAHOUSE_DATA_HOME: folder, LC_ALL: "en_US.UTF-8" }
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: "pipe" })
  let [out, err] = ["", ""]
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text
  })
  child.stdin.on("error", () => {})
  child.stdin.end(input)
  if (closeAtOnce) child.stdout.destroy()
  return new Promise((done) =>
    child.on("close", (code) => {
      const texts = out.split("\n").filter((line) => line !== "")
      const json = texts.every((line) => line.startsWith("{"))
      done({ code, out, err, lines: json ? texts.map((line) => JSON.parse(line)) : [] })
    }),
  )
}
const well = async (args: readonly string[], input?: string) => {
  const ran = await run(args, input)
  expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ""])
  return ran.lines
}
const as = (profile: string, command: string, ...more: string[]) => [
  ...command.split(" "),
  ...["--profile", profile],
  ...more,
]
const account = (what: string, user: string, profile: string, password = SECRET) =>
  run(
    as(profile, `account ${what}`, "--server", house.url, "--user", user, "--password-stdin"),
    `${password}\n`,
  )

test("two people meet, talk, share a file and a group; a third profile has the past", {
  timeout: 240_000,
}, async () => {
  const made = await Promise.all([account("create", "lan", "lan"), account("create", "bo", "bo")])
  for (const { code, lines, err } of made) {
    expect([code, err]).toEqual([0, ""])
    expect(lines[0]?.recoveryCode).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/)
  }
  expect(await well(as("lan", "friend add", "bo"))).toEqual([{ friend: "bo", accepted: false }])
  expect((await well(as("bo", "friend accept", "lan")))[0]).toMatchObject({ friend: "lan", accepted: true })

  const [sent] = await well(as("lan", "send", "--to", "bo", "Tea at three? 三点喝茶"))
  expect(sent).toMatchObject({ id: expect.any(String), position: expect.any(Number) })
  const notes = join(folder, "notes.txt")
  writeFileSync(notes, "first flush\n".repeat(40_000))
  await well(as("lan", "send", "--to", "bo", "--file", notes))
  expect((await well(as("lan", "group create", "--name", "茶友", "--with", "bo")))[0]?.group).toBe("茶友")
  await well(as("lan", "send", "--to", "茶友", "--", "--all of you"))

  // A picture loses what its camera wrote.
  const photo = join(folder, "hill.jpg")
  writeFileSync(photo, jpeg([exifSegment(1)]))
  await well(as("lan", "send", "--to", "self", "--file", photo))
  const album = join(folder, "album")
  await well(as("lan", "export", "--to", album))
  const sentPhoto = readFileSync(join(album, "self", "files", "hill.jpg")).toString("latin1")
  expect([readFileSync(photo, "latin1").includes("Exif"), sentPhoto.includes("Exif")]).toEqual([true, false])

  // Whoever reads has gone before the first line: it counts as not printed.
  expect((await run(as("bo", "tail", "--json", "--count", "1"), "", true)).code).toBe(32)
  const heard = await well(as("bo", "tail", "--json", "--count", "3", "--timeout", "60"))
  const file = { name: "notes.txt", type: "text/plain", size: 480_000 }
  expect(heard).toMatchObject([
    { chat: "lan", from: "lan", kind: "text", text: "Tea at three? 三点喝茶", position: sent?.position },
    { chat: "lan", from: "lan", kind: "file", file },
    { chat: "茶友", from: "lan", kind: "text", text: "--all of you" },
  ])
  // Each side has an id of its own; the place is one (docs/terminal.md).
  const [said] = heard
  expect([said?.room, said?.position]).toEqual([sent?.chat, sent?.position])
  expect([sent?.id, said?.id]).toEqual([
    expect.not.stringContaining(":"),
    expect.stringMatching(/^[\w-]{22}:\d+$/),
  ])
  // Only what is new, and what comes meanwhile.
  const waits = run(as("bo", "tail", "--json", "--count", "1", "--timeout", "100"))
  await well(as("lan", "send", "--to", "bo", "one more"))
  expect((await waits).lines).toMatchObject([{ text: "one more" }])
  expect(await run(as("bo", "tail", "--json", "--timeout", "0"))).toMatchObject({ code: 0, out: "" })

  const out = join(folder, "out")
  expect((await well(as("bo", "export", "--to", out)))[0]).toMatchObject({ chats: 3, missing: [] })
  expect(readFileSync(join(out, "lan", "files", "notes.txt"))).toEqual(readFileSync(notes))
  const { messages } = JSON.parse(readFileSync(join(out, "lan", "messages.json"), "utf8"))
  expect(messages.map((one: { text?: string }) => one.text).filter(Boolean)).toContain("one more")
  expect((await run(as("bo", "export", "--to", out))).code).toBe(36)

  expect((await account("login", "bo", "phone", "not the password at all")).code).toBe(31)
  expect(await account("login", "bo", "phone")).toMatchObject({ code: 0 })
  const again = await well(as("phone", "tail", "--json", "--count", "4", "--timeout", "60"))
  expect(again.map(({ text }) => text)).toEqual([
    "Tea at three? 三点喝茶",
    undefined,
    "--all of you",
    "one more",
  ])
  expect((await well(as("phone", "friend list")))[0]).toMatchObject({ state: "friend", friend: "lan" })
  expect(await run(as("phone", "send", "--to", "nobody", "x"))).toMatchObject({ code: 33, out: "" })

  // Without the house it waits in the outbox, and goes with the next command.
  const { port } = house
  await house.stop()
  const kept = await run(as("lan", "send", "--to", "bo", "--timeout", "1", "later"))
  expect([kept.code, kept.out]).toEqual([35, ""])
  house = await openHouse({ data: house.data, port })
  await well(as("lan", "send", "--to", "bo", "last"))
  const both = await well(as("phone", "tail", "--json", "--count", "2", "--timeout", "60"))
  expect(both.map(({ text }) => text)).toEqual(["later", "last"])
})
