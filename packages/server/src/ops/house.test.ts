import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { toBase64url, utf8 } from "@teahouse/protocol/bytes.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { decodeDown } from "@teahouse/protocol/wire.ts"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { onMysql, rawSql } from "../db/database.fixture.ts"
import { openTestHouse, random, register } from "../http/house.fixture.ts"
import { startHouse } from "../main.ts"
import { takeDataFolder } from "./data-folder.ts"
import { createLog, trace } from "./log.ts"
import { StartRefused } from "./refusal.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-ops-"))
})
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true, force: true })
})

/** The sentences that a person gets, both of them. */
async function refusalOf(start: () => unknown): Promise<string> {
  try {
    await start()
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    expect(error.problem.zh).toMatch(/\p{Script=Han}/u)
    return error.problem.en
  }
  throw new Error("it opened")
}

describe("the data folder", () => {
  it("is made with its parents, for its owner only", () => {
    const path = join(folder, "a", "b")
    const taken = takeDataFolder(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    taken.release()
  })

  it("belongs to one house at a time, and is free again afterwards", async () => {
    const house = await openTestHouse({ data: folder })
    expect(await refusalOf(() => startHouse({ port: 0, data: folder, logLevel: "silent" }))).toContain(
      "another Teahouse",
    )
    await house.stop()
    const again = await openTestHouse({ data: folder })
    await again.stop()
  })

  it("that is a file, or cannot be made, is said so", async () => {
    writeFileSync(join(folder, "file"), "")
    expect(await refusalOf(() => takeDataFolder(join(folder, "file")))).toContain("is not a folder")
    expect(await refusalOf(() => takeDataFolder(join(folder, "file", "below")))).toContain("is not a folder")
    if (process.platform === "linux")
      expect(await refusalOf(() => takeDataFolder("/proc/tea"))).toContain("cannot be")
  })

  it("with a damaged house.json is not opened as a new house", async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, "house.json"), "{}")
    expect(await refusalOf(() => startHouse({ port: 0, data: folder, logLevel: "silent" }))).toContain(
      "backup",
    )
    const free = takeDataFolder(folder)
    free.release()
  })
})

describe("listening", () => {
  it("on a port in use, or an address that is not here, is refused in words, and the folder is free again", async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    )
    const start = (more: object) => startHouse({ port, data: folder, logLevel: "silent", ...more })
    expect(await refusalOf(() => start({}))).toBe(
      `Port ${port} is in use by another program. Close it, or take another port: --port ${port + 1}`,
    )
    expect(await refusalOf(() => start({ host: "192.0.2.1", port: 0 }))).toContain("no address")
    other.close()
    const house = await openTestHouse({ data: folder })
    await house.stop()
  })
})

describe("a second port, for the socket alone", () => {
  it("leads to the same door, turns requests away, and closes with the house", async () => {
    const house = await openTestHouse({ data: folder, socketPort: 0 })
    const second = `127.0.0.1:${house.socketPort}`
    expect(house.socketPort).not.toBe(house.port)
    const socket = new WebSocket(`ws://${second}${SOCKET_PATH}`)
    socket.binaryType = "arraybuffer"
    const first = await new Promise<Uint8Array>((done, failed) => {
      socket.onmessage = ({ data }) => done(new Uint8Array(data as ArrayBuffer))
      socket.onerror = () => failed(new Error("no socket"))
    })
    expect(decodeDown(first)).toMatchObject({ ok: true, value: { t: "challenge" } })
    expect((await fetch(`http://${second}/`)).status).toBe(426)
    await house.stop()
    await expect(fetch(`http://${second}/`)).rejects.toThrow()
  })

  it("that is in use is refused in words, and nothing stays open", async () => {
    const other = createServer()
    const socketPort = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    )
    const start = () => startHouse({ port: 0, data: folder, logLevel: "silent", socketPort })
    expect(await refusalOf(start)).toContain(`Port ${socketPort} is in use`)
    other.close()
    const house = await openTestHouse({ data: folder })
    await house.stop()
  })
})

// Whoever runs a database server decides how large it may become.
const onlySqlite = onMysql ? () => {} : describe
onlySqlite("a full database", () => {
  it("refuses what would be written, keeps what there is, and can still be read", async () => {
    const before = await openTestHouse({ data: folder })
    const who = await register(before, "early")
    const put = (house: typeof before, version: number) =>
      house.call("writeProfile", { token: who.token, request: { version, sealed: random(version * 20_000) } })
    expect((await put(before, 1)).status).toBe(200)
    await before.stop()

    const full = await openTestHouse({ data: folder, maxPages: 1 })
    const answer = await put(full, 2)
    expect([answer.status, answer.refusal.kind]).toEqual([507, "storage_full"])
    // Whoever runs it reads why, by the name that SQLite has for it.
    expect(full.logged()).toContain("The database is full (SQLITE_FULL)")
    // Small rows still fit into half-empty pages; at some point none does.
    let refused: string | undefined
    for (let i = 0; i < 200 && refused === undefined; i++)
      await register(full, `late${i}`).catch((error: Error) => {
        expect(error.message).toContain("storage_full")
        refused = `late${i}`
      })
    const params = { user: who.person.user }
    expect((await full.call("readProfile", { token: who.token, params })).value.version).toBe(1)
    expect((await full.raw({ path: "/readyz" })).status).toBe(200)
    await full.stop()

    const after = await openTestHouse({ data: folder })
    expect((await put(after, 2)).status).toBe(200)
    await register(after, refused as string)
    await after.stop()
  })
})

const onlyMysql = onMysql ? describe : () => {}
onlyMysql("a database server that may forget in a power cut", () => {
  it("is said at the start, once, in both languages", async () => {
    const house = await openTestHouse({ data: folder, logLevel: "info" })
    expect(house.logged().split("innodb_flush_log_at_trx_commit = 2：")).toHaveLength(2)
    expect(house.logged()).toContain("innodb_flush_log_at_trx_commit = 2: messages")
    await house.stop()
  })
})

describe("the log", () => {
  it("says of an error what kind it is and where, not what it says", () => {
    const lines: string[] = []
    const log = createLog("info", { write: (line) => void lines.push(line) })
    log.error(trace(Object.assign(new TypeError("a secret\nin two lines"), { code: "E_TEA" })), "failed")
    log.error(trace("a secret"), "failed")
    expect(lines.join("")).not.toContain("secret")
    expect(lines.join("")).not.toContain("two lines")
    expect(JSON.parse(lines[0] ?? "{}")).toMatchObject({ error: "TypeError", code: "E_TEA", msg: "failed" })
    expect(lines[0]).toContain("house.test.ts")
  })

  it("has one id for an answer, its line and what failed in it, and nothing of what was asked", async () => {
    const house = await openTestHouse({ data: folder })
    const who = await register(house, "mentioned")
    const profile = (version: number) =>
      house.call("writeProfile", { token: who.token, request: { version, sealed: utf8("a sealed secret") } })
    expect((await profile(1)).status).toBe(200)
    const fails = onMysql
      ? "FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a secret'"
      : "BEGIN SELECT RAISE(ABORT, 'a secret'); END"
    await rawSql(folder, `CREATE TRIGGER fault BEFORE UPDATE ON profile ${fails}`)
    const [failed, next] = [await profile(2), await house.call("me", { token: who.token })]
    expect([failed.status, failed.refusal.kind, next.status]).toEqual([500, "internal", 200])
    const [id, other] = [failed, next].map(({ headers }) => headers.get("x-request-id") ?? "")
    expect(id).not.toBe(other)
    await expect.poll(() => house.logged()).toContain(`"req":"${other}"`)
    const log = house.logged()
    await house.stop()

    const lines = log.trimEnd().split("\n")
    const about = lines.map((line) => JSON.parse(line)).filter(({ req }) => req === id)
    const line = { time: expect.any(String), req: id, route: "writeProfile" }
    const code = onMysql ? "ER_SIGNAL_EXCEPTION" : "SQLITE_CONSTRAINT/1811"
    expect(about).toEqual([
      { ...line, level: 50, msg: "request failed", error: "Error", code, at: expect.any(Array) },
      { ...line, level: 20, status: 500, ms: expect.any(Number) },
    ])
    const sealed = toBase64url(utf8("a sealed secret"))
    for (const word of ["secret", sealed, "mentioned", who.person.user, toBase64url(who.token)])
      expect(log).not.toContain(word)
  })
})
