/** A disk that does not keep what it was given, by strace: nothing of it is acknowledged, nothing is tried again, and what was acknowledged is there. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterEach, describe, expect, test } from "vitest"
import { need } from "../../../../test/need.ts"
import { canFailSyncs, type Failing, failSyncs } from "../../../../test/strace.ts"
import { expectChain, logOf } from "../room/log.contract.fixture.ts"
import { openDb, tempDir } from "../room/log.fixture.ts"

const script = fileURLToPath(new URL("failed-sync.child.fixture.ts", import.meta.url))
const NEVER = 1_000_000
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** Says one line and hears the answer to it. */
async function start(folder: string, pages = NEVER) {
  const child: ChildProcess = spawn(process.execPath, [script, folder, String(pages)], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const lines: string[] = []
  const arrived = (is: (line: string) => boolean) =>
    expect
      .poll(() => lines.find(is))
      .toBeDefined()
      .then(() => lines.find(is) as string)
  let rest = ""
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n")
    rest = parts.pop() as string
    lines.push(...parts)
  })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, "exit")
    child.kill("SIGKILL")
    await exit
  }
  undo.push(kill)
  const room = (await arrived((line) => line.startsWith("open "))).split(" ")[1] as Id
  return {
    room,
    kill,
    fatal: () => arrived((line) => line.startsWith("fatal ")),
    fail: (which: Failing) => failSyncs(child.pid as number, which),
    async say(n: number): Promise<string> {
      child.stdin?.write(`${n}\n`)
      return (await arrived((line) => line.startsWith(`${n} `))).split(" ")[1] as string
    },
  }
}

/** The numbers that are in the log, of which every place and hash is right. */
async function numbersIn(folder: string, room: Id): Promise<readonly number[]> {
  const db = await openDb(folder)
  const entries = await logOf(db, room)
  expectChain(room, entries)
  await db.close()
  return entries.map(({ n }) => n)
}

describe.runIf(need("strace, with leave to trace (errors of fsync)", canFailSyncs))(
  "a disk that does not keep what it was given",
  () => {
    test("a COMMIT: nobody hears that it is there, the writer ends, and what was acknowledged is there", async () => {
      const dir = tempDir()
      undo.push(dir.remove)
      const log = await start(dir.path)
      expect([await log.say(2), await log.say(3)]).toEqual(["2", "3"])
      await log.fail({ path: join(dir.path, "house.db-wal"), when: "1" })
      expect(await log.say(4)).toBe("unavailable")
      expect(await log.fatal()).toBe("fatal disk_failed")
      // The disk is well again, but nobody can know what became of the writes before.
      expect(await log.say(5)).toBe("unavailable")
      await log.kill()
      const numbers = await numbersIn(dir.path, log.room)
      expect(numbers.slice(0, 3)).toEqual([1, 2, 3])
      expect(numbers).not.toContain(5)
    })

    test("a checkpoint: it is seen, though every COMMIT was kept", async () => {
      const dir = tempDir()
      undo.push(dir.remove)
      const log = await start(dir.path, 40)
      await log.fail({ path: join(dir.path, "house.db"), when: "1+" })
      const acknowledged = [1]
      for (let n = 2; n < 100; n++) {
        const answer = await log.say(n)
        if (answer === "unavailable") break
        acknowledged.push(n)
      }
      expect(await log.fatal()).toBe("fatal disk_failed")
      expect(acknowledged.length).toBeGreaterThan(5)
      expect(acknowledged.length).toBeLessThan(90)
      await log.kill()
      expect(await numbersIn(dir.path, log.room)).toEqual(acknowledged)
    })
  },
)
