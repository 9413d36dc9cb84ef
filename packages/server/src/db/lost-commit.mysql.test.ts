/**
 * A COMMIT whose answer never comes: a cable to a real MariaDB that is cut right there, before the server has heard it or after it has
 * done it. Whoever waits is answered with what is the case, and nothing is written twice.
 */
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../../test/mariadb.ts"
import { need } from "../../../../test/need.ts"
import { id, leaves, openTestRoom, random, sendOf } from "../room/log.fixture.ts"
import type { OpenArgs } from "../room/writes/open.ts"
import { openMysql } from "./mysql.ts"
import type { Database } from "./port.ts"

type When = "unheard" | "unsaid"

/** Cuts a connection at the next COMMIT, once for each that it was told; the first who connects is the writer. */
async function openCable(socketPath: string) {
  const cuts: When[] = []
  let done = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const database = createConnection(socketPath)
    const end = () => {
      client.destroy()
      database.destroy()
    }
    let silent = false
    for (const socket of [client, database]) {
      sockets.add(socket)
      socket.on("error", () => {}).on("close", end)
    }
    client.on("data", (bytes: Buffer) => {
      // COM_QUERY (MySQL, “Client/Server Protocol”): three bytes of length, a number, 3, and the statement.
      const commit = bytes.length > 5 && bytes[4] === 3 && bytes.toString("latin1", 5) === "COMMIT"
      const when = commit ? cuts.shift() : undefined
      if (when) done++
      if (when === "unheard") return end()
      silent ||= when === "unsaid"
      database.write(bytes)
    })
    database.on("data", (bytes: Buffer) => {
      // The server has answered: it is written.
      if (silent) end()
      else client.write(bytes)
    })
  })
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready))
  return {
    port: (server.address() as AddressInfo).port,
    cut: (...when: When[]) => void cuts.push(...when),
    done: () => done,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

const opening = (): OpenArgs => {
  const [user, device] = [id(), id()]
  const roster = [{ device, user, leaf: 0, signatureKey: random(32) }]
  const ids = { room: id(), user, device, roster, entering: [] }
  return { ...ids, kind: 1, state: 1, incarnation: 1, now: 1000, n: 1, opening: new Uint8Array(100) }
}

describe.runIf(need("MariaDB", hasMariadb))("a write whose COMMIT was not answered", () => {
  let server: Mariadb
  const undo: (() => unknown)[] = []
  beforeAll(async () => {
    server = await startMariadb(["--innodb-lock-wait-timeout=20"])
  })
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  afterAll(() => server?.stop())

  async function open(address?: string) {
    const direct = new URL(address ?? (await server.fresh()))
    const cable = await openCable(direct.searchParams.get("socketPath") as string)
    undo.push(cable.close)
    const opened = await openMysql({ url: `mysql://root:@127.0.0.1:${cable.port}${direct.pathname}` })
    if (!opened.ok) throw new Error(opened.error.kind)
    undo.push(() => opened.value.close())
    return { db: opened.value, cable, url: direct.href }
  }
  const rooms = async (db: Database) => (await db.read.selectFrom("room").select("id").execute()).length

  it.each<When>(["unheard", "unsaid"])("%s: is written once and answered rightly", async (when) => {
    const { db, cable } = await open()
    await db.write("room.open", opening())
    cable.cut(when)
    expect(await db.write("room.open", opening())).toMatchObject({ ok: true })
    expect(cable.done()).toBe(1)
    expect(await rooms(db)).toBe(2)
    // Its first group of all is one, too.
    const again = await open()
    again.cable.cut(when)
    const args = opening()
    expect(await again.db.write("room.open", args)).toMatchObject({ ok: true })
    const taken = await again.db.write("room.open", { ...opening(), room: args.room })
    expect(taken).toMatchObject({ ok: false, error: { kind: "id_taken" } })
  })

  it.each<When>(["unheard", "unsaid"])(
    "%s: refusals and messages of its group are what they were",
    async (when) => {
      const { db, cable } = await open()
      const { room, maker } = await openTestRoom(db, leaves(1))
      const one = opening()
      cable.cut(when)
      const answers = await Promise.all([
        db.write("room.open", one),
        db.write("room.open", { ...opening(), room: one.room }),
        db.append([sendOf(room, maker.device, [2, 3])], 1000),
      ])
      expect(answers).toMatchObject([
        { ok: true },
        { ok: false, error: { kind: "id_taken" } },
        [{ ok: true, value: { positions: [{ seq: 2 }, { seq: 3 }] } }],
      ])
      expect(cable.done()).toBe(1)
      expect(await rooms(db)).toBe(2)
      const entries = await db.read
        .selectFrom("entry")
        .select("n")
        .where("room_id", "=", bytesOf(room))
        .execute()
      expect(entries).toHaveLength(3)
    },
  )

  it("again and again, on two nodes that write at once", async () => {
    const first = await open()
    const second = await open(first.url)
    const opened = await Promise.all(
      [first, second].map(async ({ db, cable }, node) => {
        let count = 0
        for (let n = 0; n < 12; n++) {
          if (n % 3 === node) cable.cut("unsaid", "unheard")
          if ((await db.write("room.open", opening())).ok) count++
        }
        return count
      }),
    )
    expect(opened).toEqual([12, 12])
    expect(await rooms(first.db)).toBe(24)
    expect(first.cable.done() + second.cable.done()).toBe(16)
    const marks = await first.db.read.selectFrom("group_mark").selectAll().execute()
    expect(marks).toHaveLength(2)
  })
})

const bytesOf = (room: string) => new Uint8Array(Buffer.from(room, "base64url"))
