import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { lookAtDatabase } from "./doctor/database.ts"
import { folderFinding, fsyncFinding, roomFinding } from "./doctor/disk.ts"
import { clockFinding, filesFinding, memoryFinding } from "./doctor/machine.ts"
import { natsFinding, portFinding, secureFinding } from "./doctor/network.ts"
import { examine } from "./doctor.ts"

let folder: string
const servers: Server[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-doctor-"))
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(folder, { recursive: true, force: true })
})

const listening = (first: string) =>
  new Promise<number>((done) => {
    const server = createServer((socket) => {
      socket.on("error", () => {})
      if (first !== "") socket.write(first)
      socket.on("data", () => socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"))
    })
    servers.push(server)
    server.listen(0, "127.0.0.1", () => done((server.address() as { port: number }).port))
  })
const standing = async (one: ReturnType<typeof portFinding> | ReturnType<typeof clockFinding>) =>
  (await one).standing

describe("what the doctor looks at", () => {
  it("each has a sentence in both languages, and an advice where something is not right", async () => {
    const findings = await examine(["--data", folder, "--port", "0"], {})
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        "configuration",
        "clock",
        "memory",
        "folder",
        "room",
        "fsync",
        "database",
        "port",
        "secure",
      ]),
    )
    const port = await listening("")
    for (const one of [
      ...findings,
      ...(await examine(["--data", folder, "--port", String(port)], {})),
      ...(await examine(["--port", "x"], {})),
    ]) {
      expect(one.found.zh).toMatch(/\p{Script=Han}/u)
      expect(one.found.en).toMatch(/^[A-Z0-9/]/)
      expect(one.advice !== undefined).toBe(one.standing !== "good")
    }
  })

  it("a port that is free, taken by somebody else, or not of this machine", async () => {
    const port = await listening("")
    expect(await standing(portFinding("127.0.0.1", port))).toBe("bad")
    servers.splice(0)[0]?.close()
    expect(await standing(portFinding("127.0.0.1", port))).toBe("good")
    expect(await standing(portFinding("192.0.2.1", port))).toBe("bad")
  })

  it("NATS that answers, that says something else, that is not there", async () => {
    const [nats, other] = [await listening('INFO {"server_id":"x"} \r\n'), await listening("220 mail\r\n")]
    expect(await standing(natsFinding(`nats://127.0.0.1:${nats}`))).toBe("good")
    expect(await standing(natsFinding(`nats://127.0.0.1:${other}`))).toBe("bad")
    expect(await standing(natsFinding(`nats://127.0.0.1:${nats}, nats://127.0.0.1:1`))).toBe("doubtful")
  })

  it("a clock that cannot be, or is apart from the database's", () => {
    const now = Date.UTC(2027, 0, 1)
    expect(clockFinding(now).standing).toBe("good")
    expect(clockFinding(Date.UTC(1970, 0, 2)).standing).toBe("bad")
    expect(clockFinding(now, { at: now - 1_000, of: "x" }).standing).toBe("good")
    expect(clockFinding(now, { at: now - 9_000, of: "x" }).found.en).toContain("9.0 s apart")
  })

  it("little memory, few files", () => {
    expect(memoryFinding(256 * 1024 * 1024).standing).toBe("doubtful")
    expect(memoryFinding(1024 * 1024 * 1024).standing).toBe("good")
    expect(filesFinding(1024)?.standing).toBe("doubtful")
    expect(filesFinding(65_536)?.standing).toBe("good")
  })

  it("a folder that others can read, and leaves nothing of its own in it", async () => {
    chmodSync(folder, 0o700)
    expect(folderFinding(folder).standing).toBe("good")
    expect(folderFinding(join(folder, "not", "there")).standing).toBe("good")
    if (process.platform !== "win32") {
      writeFileSync(join(folder, "house.json"), "{}", { mode: 0o644 })
      expect(folderFinding(folder).advice?.en).toBe(`chmod go= ${join(folder, "house.json")}`)
    }
    expect(roomFinding(folder).check).toBe("room")
    expect(fsyncFinding(folder).found.en).toMatch(/^The disk takes \d+\.\d ms/)
    const failing = (code: string) => () => {
      throw Object.assign(new Error(code), { code })
    }
    expect(fsyncFinding(folder, failing("EIO"))).toMatchObject({ standing: "bad" })
    expect(fsyncFinding(folder, failing("EIO")).advice?.en).toContain("replace it")
    expect(fsyncFinding(folder, failing("ENOSPC")).advice?.en).toBe("Make room on it.")
    const { readdirSync } = await import("node:fs")
    expect(readdirSync(folder).filter((name) => name.startsWith("doctor"))).toEqual([])
  })

  it("a database that is none", async () => {
    expect((await lookAtDatabase({ database: "sqlite", data: folder })).findings[0]?.standing).toBe("good")
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, "house.db"), "no database at all, but long enough to be looked at".repeat(100))
    expect((await lookAtDatabase({ database: "sqlite", data: folder })).findings[0]?.standing).toBe("bad")
  })

  it("an address under which no browser encrypts", () => {
    expect(secureFinding({ host: "127.0.0.1", origins: [] }).standing).toBe("good")
    expect(secureFinding({ host: "0.0.0.0", origins: ["https://tea.example"] }).standing).toBe("good")
    expect(secureFinding({ host: "0.0.0.0", origins: [] }).standing).toBe("doubtful")
    expect(secureFinding({ host: "127.0.0.1", origins: ["http://tea.example"] }).standing).toBe("bad")
  })
})
