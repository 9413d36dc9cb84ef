/** The chat as a person has it: the real program in a real pseudo-terminal (`script` of util-linux), and somebody else at the other end. */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openPerson, PASSWORD } from "../../../../test/headless/person.ts"
import { type House, openHouse } from "../../../../test/house.ts"
import { onTerminal, openPseudo, PROGRAM, surroundings } from "./pseudo-terminal.fixture.ts"

let folder: string
let house: House
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-chat-"))
  house = await openHouse()
})
afterAll(async () => {
  await house?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const openTerminal = (...args: string[]) => openPseudo(folder, args)

test.runIf(onTerminal())(
  "a person makes an account, gets a friend, reads, writes, searches, resizes and quits",
  async () => {
    const bo = openPerson(house.url)
    await bo.register("bo")
    const here = openTerminal(house.url, "--profile", "lan", "--lang", "zh")
    await here.sees("创建账号")
    here.type("\x1b[B\r")
    await here.sees("再次输入密码")
    here.type(`lan\t${PASSWORD}\t${PASSWORD}\r`)
    await here.sees(/([0-9A-Z]{4}-){6}[0-9A-Z]{4}/)
    expect(here.written()).not.toContain(PASSWORD)
    const code = /([0-9A-Z]{4}-){6}([0-9A-Z]{4})/.exec(here.screen())?.[2]
    here.type("0\r")
    await here.sees("这不是它的最后四个字符")
    here.type(`\x7f${code}\r`)
    await here.sees("文件传输助手")

    here.type("/add bo 我是兰\r")
    const { incoming } = await bo.until("contacts", undefined, (value) => value.incoming.length > 0)
    expect(incoming[0]?.line).toBe("我是兰")
    const { room } = await bo.must("acceptRequest", { id: incoming[0]?.id as (typeof incoming)[0]["id"] })
    await bo.say(room, "三点喝茶？\u001b]0;owned\u0007\u001b[2J 🍵")
    await here.sees(/bo +1 │/)
    expect(here.model.bells()).toBeGreaterThan(0)
    here.type("\x1b[1;3B")
    await here.sees("三点喝茶？]0;owned[2J 🍵")
    expect(here.written()).not.toContain("\x1b]0;owned")

    // UTF-8 that is split in the middle of a sign; the cursor is where the next sign will be, for an input method.
    const words = Buffer.from("好的，:teapot:三点见")
    here.type(words.subarray(0, 4))
    here.type(words.subarray(4))
    await here.sees("› 好的，🫖三点见")
    expect(here.model.cursor()).toEqual({ x: 28 + 14, y: 22 })
    here.type("\r")
    await bo.timeline(room, (items) =>
      items.some((item) => item.type === "message" && item.text === "好的，🫖三点见"),
    )
    await here.sees(/好的，🫖三点见 +✓/)
    // Answering and reacting.
    here.type("\x1b[A\x1b[A")
    await here.sees("r 回复")
    here.type("+")
    await here.sees("表情回应")
    here.type("\r")
    await here.sees("👍 1")

    here.type("\x1bOR")
    await here.sees("输入文字")
    here.type("喝茶")
    await here.sees(/bo: 三点喝茶.*bo · /)
    here.type("\r")
    await here.sees(/▌ {2}三点喝茶/)
    await here.sees("r 回复")
    here.type("\x1b")
    await here.sees("F1 帮助")

    const notes = join(folder, "notes.txt")
    writeFileSync(notes, "first flush\n".repeat(1000))
    here.type(`/file ${notes}\r`)
    await here.sees("notes.txt · 12 KB")
    here.resize(120, 40)
    await expect.poll(() => here.model.lines()[39]).toContain("F1 帮助")
    await here.sees(/│ bo +在线/)

    here.type("\x11")
    await here.ended
    expect(here.written()).toContain("ended with 0")
    expect(here.written()).toMatch(/[^-]icanon/)
    expect([...here.model.modes].filter((mode) => mode !== "?25")).toEqual([])

    // Everything is there again, what others send comes into its folder, and a signal leaves the terminal clean.
    const again = openTerminal("--profile", "lan", "--lang", "en")
    await again.sees(/好的，🫖三点见/)
    const source = { size: 5, slice: (from: number, to: number) => new Blob(["green"]).slice(from, to) }
    await bo.must("sendFiles", { room, files: [{ source, name: "../leaf.txt", type: "text/plain" }] })
    await again.sees("Saved: ")
    expect(readFileSync(join(folder, "profiles", "lan", "saved", "leaf.txt"), "utf8")).toBe("green")
    const second = await outcome("chat", "--profile", "lan")
    expect(second).toMatchObject({ code: 2, out: "" })
    process.kill(again.pid(), "SIGTERM")
    await again.ended
    expect(again.written()).toContain("ended with 143")
    expect([...again.model.modes].filter((mode) => mode !== "?25")).toEqual([])
    await bo.client.stop()
  },
)

/** Without a terminal. */
function outcome(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...surroundings(folder), LC_ALL: "en_US.UTF-8" },
  })
  let [out, err] = ["", ""]
  child.stdout.on("data", (text) => {
    out += text
  })
  child.stderr.on("data", (text) => {
    err += text
  })
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })))
}

test("without a terminal it is a sentence", async () => {
  const { code, out, err } = await outcome("chat", house.url, "--profile", "x")
  expect([code, out]).toEqual([2, ""])
  expect(err).toContain("needs a terminal")
})
