/** The house's database on a real server: what it promises, what it survives, and what it says where it cannot be used. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { type AddressInfo, connect, createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { nextHash } from "@teahouse/protocol/chain.ts"
import type { EntryKind } from "@teahouse/protocol/entry.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../../test/mariadb.ts"
import { need } from "../../../../test/need.ts"
import { StartRefused } from "../ops/refusal.ts"
import { id, leaves, openTestRoom, random, sendOf } from "../room/log.fixture.ts"
import type { OpenArgs } from "../room/writes/open.ts"
import { isOld, openMysql } from "./mysql.ts"
import { openDatabase } from "./open.ts"
import type { Database } from "./port.ts"

const opening = (size = 100): OpenArgs => {
  const [user, device] = [id(), id()] as [Id, Id]
  const roster = [{ device, user, leaf: 0, signatureKey: random(32) }]
  const ids = { room: id(), user, device, roster, entering: [] }
  return { ...ids, kind: 1, state: 1, incarnation: 1, now: 1000, n: 1, opening: new Uint8Array(size) }
}
const rooms = (db: Database) => db.read.selectFrom("room").selectAll().execute()

describe.runIf(need("MariaDB", hasMariadb))("the database on MariaDB", () => {
  let server: Mariadb
  const open: Database[] = []
  const node = async (url: string) => {
    const opened = await openMysql({ url })
    if (!opened.ok) throw new Error(opened.error.kind)
    open.push(opened.value)
    return opened.value
  }
  beforeAll(async () => {
    server = await startMariadb(["--innodb-lock-wait-timeout=20", "--max-allowed-packet=16M"])
  })
  afterEach(async () => {
    for (const db of open.splice(0)) await db.close()
  })
  afterAll(() => server?.stop())

  it("writes that wait together go together; one that is refused, or throws, is undone alone", async () => {
    const db = await node(await server.fresh())
    const one = opening()
    const broken = { ...opening(), opening: null as unknown as Uint8Array }
    const answers = await Promise.allSettled(
      [one, { ...opening(), room: one.room }, broken, opening()].map((args) => db.write("room.open", args)),
    )
    const said = answers.map((one) =>
      one.status === "rejected" ? "rejected" : one.value.ok ? "ok" : one.value.error.kind,
    )
    expect(said).toEqual(["ok", "id_taken", "rejected", "ok"])
    expect(await rooms(db)).toHaveLength(2)
    await db.close()
    await expect(db.write("room.open", opening())).rejects.toThrow("closed")
  })

  it("a write for which the server hangs up is answered, and those that wait with it go on", async () => {
    const db = await node(await server.fresh())
    // More than a packet may hold: the server ends the connection, each time that it is asked.
    const sealed = new Uint8Array(17 * 1024 * 1024)
    const whose = random(16)
    const [before, large, after] = await Promise.allSettled([
      db.write("room.open", opening()),
      db.write("profile.write", { user: whose, version: 1, sealed, now: 1 }),
      db.write("room.open", opening()),
    ])
    expect([before, after].map((one) => one.status === "fulfilled" && one.value.ok)).toEqual([true, true])
    expect(large.status).toBe("rejected")
    expect(await rooms(db)).toHaveLength(2)
    expect(await db.write("profile.write", { user: whose, version: 1, sealed: random(9), now: 1 })).toEqual({
      ok: true,
      value: { changed: true },
    })
  })

  it("a write with which the connection is lost each time is answered after some attempts, and nothing waits for it for ever", async () => {
    const url = new URL(await server.fresh())
    const socketPath = url.searchParams.get("socketPath") ?? ""
    const marker = Buffer.from("the connection does not survive this")
    let cut = 0
    // Between the node and its database: whatever says these words takes the line down.
    const between = createServer((near) => {
      const far = connect(socketPath)
      near.on("error", () => far.destroy())
      far.on("error", () => near.destroy())
      near.on("close", () => far.destroy())
      far.on("close", () => near.destroy())
      far.pipe(near)
      near.on("data", (part: Buffer) => {
        // Bytes travel as hexadecimal text.
        if (!part.includes(marker.toString("hex"))) return void far.write(part)
        cut++
        near.destroy()
      })
    })
    await once(between.listen(0, "127.0.0.1"), "listening")
    const through = new URL(url)
    through.searchParams.delete("socketPath")
    through.hostname = "127.0.0.1"
    through.port = String((between.address() as AddressInfo).port)
    const db = await node(through.href)
    const deadly = { ...opening(), opening: marker }
    const answers = await Promise.allSettled([
      db.write("room.open", opening()),
      db.write("room.open", deadly),
      db.write("room.open", opening()),
    ])
    expect(answers.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(cut).toBeGreaterThan(2)
    expect(await rooms(db)).toHaveLength(2)
    await db.close()
    between.close()
  })

  it("a node that stands still in the middle of a group does not hold up the others for long", async () => {
    const url = await server.fresh()
    const idle = await node(url)
    const program = fileURLToPath(new URL("./writer.child.fixture.ts", import.meta.url))
    const child = spawn(process.execPath, [program, url], { stdio: "ignore" })
    try {
      await expect.poll(async () => (await rooms(idle)).length).toBe(1)
      const inTheMiddle = async () => {
        child.kill("SIGSTOP")
        const [rows] = await server.query(
          "SELECT trx_id FROM information_schema.innodb_trx WHERE trx_rows_locked > 0",
        )
        if ((rows as unknown[]).length > 0) return true
        child.kill("SIGCONT")
        return false
      }
      // What that table says is as old as the last look, unless nobody looked for a tenth of a second.
      await expect.poll(inTheMiddle, { interval: 157 }).toBe(true)
      expect((await idle.write("room.open", opening())).ok).toBe(true)
    } finally {
      child.kill("SIGKILL")
    }
  })

  /** The room's log as one chain: every position once, each hash the next of the one before; the numbers in its order. */
  const chainOf = async (db: Database, room: Id): Promise<number[]> => {
    const entries = await db.read.selectFrom("entry").selectAll().orderBy("seq").execute()
    for (const [index, entry] of entries.entries()) {
      expect(entry.seq).toBe(index + 1)
      const before = entries[index - 1]
      if (!before) continue
      const { seq, incarnation, generation, n, time } = entry
      const link = {
        room,
        incarnation,
        generation,
        seq,
        kind: entry.kind as EntryKind,
        n,
        time,
        device: idOf(entry.device_id),
      }
      expect(
        Buffer.from(nextHash(before.hash, { ...link, bodyHash: sha256(entry.body as Uint8Array) })),
      ).toEqual(Buffer.from(entry.hash))
    }
    return entries.map(({ n }) => n)
  }
  const idOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url") as Id

  it("two nodes that write to one room at the same time make one log", async () => {
    const url = await server.fresh()
    const [a, b] = [await node(url), await node(url)]
    const roster = leaves(2)
    const { room } = await openTestRoom(a, roster)
    const [mine, hers] = roster.map(({ device }) => device) as [Id, Id]
    const say = async (db: Database, device: Id, first: number) => {
      for (let n = first; n < first + 60; n++) {
        const [answer] = await db.append([sendOf(room, device, [n])], Date.now())
        expect(answer?.ok).toBe(true)
      }
    }
    await Promise.all([say(a, mine, 2), say(b, hers, 2)])
    expect(await chainOf(a, room)).toHaveLength(121)
  })

  it("what was acknowledged before and while the server went away is there once, and nothing is said twice", async () => {
    const db = await node(await server.fresh())
    const { room, maker } = await openTestRoom(db, leaves(1))
    const placed = new Map<number, number>()
    let n = 1
    let on = true
    const talking = (async () => {
      while (on) {
        const ns = [++n, ++n]
        // As a client does: the same again until there is an answer.
        for (;;) {
          const answers = await db.append([sendOf(room, maker.device, ns)], Date.now()).catch(() => undefined)
          const [answer] = answers ?? []
          if (!answer) continue
          if (!answer.ok) throw new Error(answer.error.kind)
          for (const [i, { seq }] of answer.value.positions.entries()) placed.set(ns[i] as number, seq)
          break
        }
      }
    })()
    for (const signal of ["SIGTERM", "SIGKILL", "SIGKILL"] as const) {
      await new Promise((done) => setTimeout(done, 300))
      await server.restart(signal)
      const reached = n
      await expect.poll(() => n > reached + 20).toBe(true)
    }
    on = false
    await talking
    const log = await chainOf(db, room)
    expect(log).toEqual(Array.from({ length: n }, (_, i) => i + 1))
    for (const [number, seq] of placed) expect(log[seq - 1]).toBe(number)
  })

  it("a server that stays away is said to whoever waits, and is found again", async () => {
    const db = await node(await server.fresh())
    await server.kill()
    await expect(db.write("room.open", opening())).rejects.toThrow("a write failed")
    await server.restart()
    await expect
      .poll(() =>
        db.write("room.open", opening()).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(true)
    expect(await rooms(db)).toHaveLength(1)
  })

  it("is open for many nodes or for one who moves it, never for both", async () => {
    const [url, other] = [await server.fresh(), await server.fresh()]
    const exitOf = (alone: boolean, which = url) =>
      openDatabase({ url: which, folder: "", alone }).then(
        (db) => {
          open.push(db)
          return 0
        },
        (error: StartRefused) => [error.exit, error.problem.en],
      )
    const nodes = [await node(url), await node(url)]
    const refused = [17, expect.stringContaining("in use by a house that is open")]
    expect(await exitOf(true)).toEqual(refused)
    expect(await exitOf(true, other)).toBe(0)
    await nodes[0]?.close()
    // A lock ends with its connection; a node takes another with its next one.
    const [rows] = await server.query(
      "SELECT id FROM information_schema.processlist WHERE command = 'Sleep' AND id <> CONNECTION_ID()" +
        ` AND db = '${new URL(url).pathname.slice(1)}'`,
    )
    for (const { id } of rows as { id: number }[]) await server.query(`KILL ${id}`)
    expect((await nodes[1]?.write("room.open", opening()))?.ok).toBe(true)
    expect(await exitOf(true)).toEqual(refused)
    await nodes[1]?.close()
    expect(await exitOf(true)).toBe(0)
    expect(await exitOf(false)).toEqual([18, expect.stringContaining("is being copied")])
    await open.pop()?.close()
    expect(await exitOf(false)).toBe(0)
  })

  it("says what its server's settings put at risk", async () => {
    const said: string[] = []
    const risks = async () => {
      const onRisk = ({ en }: { en: string }) => void said.push(en)
      await (await openDatabase({ url: await server.fresh(), folder: "", onRisk })).close()
      return said.splice(0)
    }
    expect(await risks()).toEqual([])
    await server.query("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    expect(await risks()).toEqual([expect.stringContaining("innodb_flush_log_at_trx_commit = 2")])
    await server.query("SET GLOBAL innodb_flush_log_at_trx_commit = 1")
  })

  it("each reason why it cannot be used has a sentence and an exit code of its own", async () => {
    const refusalOf = async (url: string) => {
      try {
        await (await openDatabase({ url, folder: "" })).close()
      } catch (error) {
        if (!(error instanceof StartRefused)) throw error
        expect(error.problem.zh).toMatch(/\p{Script=Han}/u)
        expect(JSON.stringify(error.problem)).not.toContain("s3cret")
        return [error.exit, error.problem.en]
      }
      throw new Error("it opened")
    }
    const url = await server.fresh()
    const name = new URL(url).pathname.slice(1)
    await server.query("CREATE USER 'guest'@'localhost' IDENTIFIED BY 's3cret!'")
    const guest = (password: string, base = name) => server.url(base, "guest", password)
    const none = "mysql://root:s3cret@127.0.0.1:1/x"
    expect(await refusalOf(none)).toEqual([
      10,
      expect.stringContaining("No database server answers at 127.0.0.1:1"),
    ])
    expect(await refusalOf(guest("s3cret"))).toEqual([
      11,
      expect.stringContaining("password of its user “guest”"),
    ])
    expect(await refusalOf(server.url("nowhere"))).toEqual([
      12,
      expect.stringContaining("CREATE DATABASE nowhere"),
    ])
    expect(await refusalOf(guest("s3cret!"))).toEqual([13, expect.stringContaining("GRANT ALL")])
    await server.query(`GRANT SELECT ON ${name}.* TO 'guest'@'localhost'`)
    expect(await refusalOf(guest("s3cret!"))).toEqual([13, expect.stringContaining("GRANT ALL")])
    await server.query(`GRANT ALL ON ${name}.* TO 'guest'@'localhost'`)
    await (await openDatabase({ url: guest("s3cret!"), folder: "" })).close()
    await server.query(`INSERT INTO ${name}.migration VALUES (9999, 'from the future', 0)`)
    expect(await refusalOf(url)).toEqual([15, expect.stringContaining("newer Teahouse")])
    await server.query("SET GLOBAL max_allowed_packet = 1048576")
    expect(await refusalOf(await server.fresh())).toEqual([16, expect.stringContaining("max_allowed_packet")])
    await server.query("SET GLOBAL max_allowed_packet = 67108864")
  })
})

it("which versions are too old", () => {
  expect(["5.7.44", "10.6.12-MariaDB", "10.10.2-MariaDB-log"].map(isOld)).toEqual([true, true, true])
  expect(["8.0.36", "8.4.0", "9.1.0", "10.11.6-MariaDB-0+deb12u1", "11.4.2-MariaDB"].map(isOld)).toEqual(
    Array(5).fill(false),
  )
})
