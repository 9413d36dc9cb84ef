/** `teahouse backup`, `verify` and `restore` as programs: under load, cut off in the middle, and what they say. */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { openGroup, shelf } from "@teahouse/server/backup/backup.fixture.ts"
import { makeOperatorKey } from "@teahouse/server/backup/operator-key.ts"
import {
  idOf,
  login,
  openTestHouse,
  random,
  register,
  type TestHouse,
  type TestPerson,
} from "@teahouse/server/http/house.fixture.ts"
import { dial, hello, type Line, message, type SocketHouse } from "@teahouse/server/socket/socket.fixture.ts"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { begin, run } from "./run.fixture.ts"

let place: ReturnType<typeof shelf>
let undo: (() => unknown)[]
beforeEach(() => {
  place = shelf()
  undo = [place.remove]
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function open(data?: string): Promise<TestHouse> {
  const more = { sendsPerSecond: 100_000, sendBurst: 100_000 }
  const house = await openTestHouse({ ...(data ? { data } : {}), limits: { ...limits, ...more } })
  undo.push(house.remove)
  return house
}

type Told = { readonly seq: number; readonly hash: Uint8Array }
type Writer = { readonly who: TestPerson; readonly room: Id; readonly told: Told[]; n: number }

async function enter(house: TestHouse, { who, room }: Writer, seq: number): Promise<Line> {
  const line = dial(house.url.replace("http", "ws") + SOCKET_PATH, house.url)
  const { nonce } = await line.next("challenge")
  const at = { house: { id: await idOf(house) } } as SocketHouse
  line.say(await hello(at, { session: who.session.id, signKey: who.device.signKey } as never, nonce))
  await line.next("ready")
  line.say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq }] })
  await line.next("live")
  return line
}

/** Says one frame of messages, and notes what was acknowledged. */
async function say(line: Line, writer: Writer, count = 5): Promise<void> {
  const ns = Array.from({ length: count }, (_, i) => writer.n + i + 1)
  line.say(message(writer.room, ns, 0, 300))
  const { items } = await line.next("accepted")
  writer.n += count
  writer.told.push(...items.map(({ seq, hash }) => ({ seq, hash })))
  line.frames.length = 0
}

async function logOf(house: TestHouse, { who, room }: Writer) {
  const all: Told[] = []
  for (;;) {
    const after = all.at(-1)?.seq ?? 0
    const read = await house.call("readLog", { token: who.token, params: { room }, request: { after } })
    all.push(...read.value.entries)
    if (!read.value.more) return all
  }
}

describe("a house that is written to all the time", () => {
  it("is backed up with everything that was acknowledged before, and goes on from there when it is restored", async () => {
    const house = await open()
    const names = ["lin", "mei", "kai", "bo"]
    const people = await Promise.all(names.map((name) => register(house, name)))
    const writers: Writer[] = []
    for (const who of people) writers.push({ who, room: await openGroup(house, who), told: [], n: 1 })
    let over = false
    const writing = writers.map(async (writer) => {
      const line = await enter(house, writer, 0)
      while (!over) await say(line, writer)
      line.socket.close()
    })
    await expect.poll(() => Math.min(...writers.map(({ told }) => told.length))).toBeGreaterThan(100)

    const before = writers.map(({ told }) => told.length)
    const taken = await run(["backup", "--data", house.data, "--to", place.at("one"), "--unsealed"])
    const meanwhile = writers.map(({ told }) => told.length)
    over = true
    await Promise.all(writing)
    expect([taken.code, taken.out]).toEqual([0, expect.stringContaining("4 rooms")])
    expect(taken.err).toContain("not sealed")
    // It was written to while the backup was taken.
    for (const [i, count] of meanwhile.entries()) expect(count).toBeGreaterThan(before[i] as number)
    await house.stop()

    const checked = await run(["verify", place.at("one")])
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining("The backup is whole")])
    const made = await run(["restore", place.at("one"), "--data", place.at("house")])
    expect([made.code, made.err]).toEqual([0, ""])
    const again = await open(place.at("house"))
    for (const [i, writer] of writers.entries()) {
      const log = await logOf(again, writer)
      const [opening, ...said] = log
      expect(opening?.seq).toBe(1)
      expect(said.length).toBeGreaterThanOrEqual(before[i] as number)
      // What is there is what was told, and nothing else.
      said.forEach(({ seq, hash }, at) => {
        const told = writer.told[at]
        expect(told?.seq).toBe(seq)
        expect(told && sameBytes(told.hash, hash)).toBe(true)
      })
      expect((await login(again, names[i] as string, writer.who.password)).entered?.status).toBe(200)
      // What the house has lost is sent again under its own numbers.
      const { n } = (
        await again.call("lastNumber", { token: writer.who.token, params: { room: writer.room } })
      ).value
      expect(n).toBe(said.length + 1)
      const line = await enter(again, writer, log.length)
      const next: Writer = { ...writer, told: [], n }
      await say(line, next, 2)
      expect(next.told.map(({ seq }) => seq)).toEqual([log.length + 1, log.length + 2])
      line.socket.close()
    }
    const { incarnation } = (await again.call("house")).value.incarnation
    expect((await logOf(again, writers[0] as Writer)).length).toBeGreaterThan(100)
    expect(made.out).toContain(`incarnation ${incarnation}`)
  })
})

describe("a backup that was cut off", () => {
  it("has not the name that was asked for and does not pass for one; the next one succeeds", async () => {
    const house = await open()
    await register(house, "lin")
    await house.stop()
    // So many that it is still at it when it is killed.
    const db = new DatabaseSync(join(house.data, "house.db"))
    const row = db.prepare(
      "INSERT INTO blob_file (id, user_id, token_hash, size, stored, created, loose) VALUES (?, ?, ?, 10, 10, 0, 0)",
    )
    db.exec("BEGIN")
    for (let count = 0; count < 2_000; count++) {
      const name = createHash("md5").update(String(count)).digest("hex")
      row.run(Buffer.from(name, "hex"), random(16), random(32))
      mkdirSync(join(house.data, "blobs", name.slice(0, 2)), { recursive: true })
      writeFileSync(join(house.data, "blobs", name.slice(0, 2), name), "0123456789")
    }
    db.exec("COMMIT")
    db.close()

    const args = ["backup", "--data", house.data, "--to", place.at("one"), "--unsealed"]
    const { child, ended } = begin(args)
    const unfinished = () => place.names().find((name) => name.endsWith(".unfinished")) ?? "none"
    await expect.poll(() => existsSync(place.at(join(unfinished(), "blobs"))), { interval: 5 }).toBe(true)
    child.kill("SIGKILL")
    expect((await ended).code).toBe(null)
    expect(place.names()).toEqual([unfinished()])
    for (const name of ["one", unfinished()]) {
      const checked = await run(["verify", place.at(name)])
      expect([checked.code, checked.err]).toEqual([20, expect.stringContaining("is no whole backup")])
    }
    const restored = await run(["restore", place.at(unfinished()), "--data", place.at("house")])
    expect([restored.code, existsSync(place.at("house"))]).toEqual([20, false])

    expect((await run(args)).code).toBe(0)
    const checked = await run(["verify", place.at("one")])
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining("2000 files")])
  })
})

describe("what the programs say", () => {
  it("of keys: a pair is made once, for its owner, and seals what only it opens", async () => {
    const house = await open()
    const lin = await register(house, "lin")
    const key = await run(["backup", "key", "--to", place.at("key")])
    expect(key.code).toBe(0)
    const [, publicKey = ""] = /^backup_key = ([A-Za-z0-9_-]{43})$/m.exec(key.out) ?? []
    expect(statSync(place.at("key")).mode & 0o777).toBe(0o600)
    expect((await run(["backup", "key", "--to", place.at("key")])).code).toBe(1)
    await makeOperatorKey(place.at("other"))

    const none = await run(["backup", "--data", house.data, "--to", place.at("one")])
    expect([none.code, none.err]).toEqual([2, expect.stringContaining("no operator key")])
    expect(existsSync(place.at("one"))).toBe(false)
    writeFileSync(place.at("server.conf"), `[server]\ndata = ${house.data}\nbackup_key = ${publicKey}\n`)
    const taken = await run(["backup", "--config", place.at("server.conf"), `--to=${place.at("one")}`])
    expect([taken.code, taken.err]).toEqual([0, ""])
    expect(readdirSync(place.at("one"))).toContain("opaque.sealed")
    expect((await run(["verify", place.at("one")])).code).toBe(0)

    const from = ["restore", place.at("one"), "--data", place.at("house")]
    expect(await run(from)).toMatchObject({ code: 21, err: expect.stringContaining("--key") })
    for (const [name, words] of [
      ["other", "not the right operator key"],
      ["server.conf", "no operator key file"],
    ])
      expect(await run([...from, "--key", place.at(name as string)])).toMatchObject({
        code: 21,
        err: expect.stringContaining(words as string),
      })
    expect(existsSync(place.at("house"))).toBe(false)
    expect(await run([...from, "--key", place.at("key")])).toMatchObject({ code: 0, err: "" })
    await house.stop()
    const again = await open(place.at("house"))
    expect((await login(again, "lin", lin.password)).entered?.status).toBe(200)
    expect(await run([...from, "--key", place.at("key")])).toMatchObject({
      code: 22,
      err: expect.stringContaining("is not empty"),
    })
  })

  it("of damage: what is damaged, in both languages, and nothing is restored from it", async () => {
    const house = await open()
    await register(house, "lin")
    const config = place.at("server.conf")
    writeFileSync(config, `[server]\ndata = ${house.data}\n`)
    expect((await run(["backup", "--config", config, "--to", place.at("one"), "--unsealed"])).code).toBe(0)
    const path = place.at("one/house.db")
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, whole.length - 4096))
    for (const args of [
      ["verify", place.at("one")],
      ["restore", place.at("one"), "--data", place.at("house")],
    ]) {
      const { code, err, out } = await run(args)
      expect([code, out]).toEqual([20, ""])
      expect(err).toContain("house.db is not what its sum says")
      expect(err).toMatch(/\p{Script=Han}/u)
    }
    expect(existsSync(place.at("house"))).toBe(false)
  })

  it("of what was not understood, and of what is not there", async () => {
    for (const [args, code] of [
      [["backup"], 2],
      [["backup", "--to", place.at("one"), "--operator", "tea"], 2],
      [["verify"], 2],
      [["restore", place.at("one")], 2],
      [["backup", "--to", place.at("one"), "--unsealed", "--colour"], 1],
      [["backup", "--to", place.at("one"), "--unsealed", "--data", place.at("nowhere")], 1],
      [["verify", place.at("nowhere")], 20],
    ] as const) {
      const said = await run(args)
      expect(said.code, args.join(" ")).toBe(code)
      expect(said.err).toMatch(/\p{Script=Han}/u)
      expect(said.err).not.toContain("    at ")
    }
    expect(place.names()).toEqual([])
  })
})
