/** Two nodes of one house on a real MariaDB and a real nats-server: what they have in common, and what is refused. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { hintTopics } from "@teahouse/protocol/down.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../../../../test/mariadb.ts"
import { hasNats, type Nats, startNats } from "../../../../test/nats.ts"
import { need } from "../../../../test/need.ts"
import {
  listen,
  login,
  openTestHouse,
  phoneOf,
  random,
  register,
  type TestHouse,
} from "../http/house.fixture.ts"
import { type StartOptions, startHouse } from "../main.ts"
import { StartRefused } from "../ops/refusal.ts"
import { PUSH_FILE } from "../push/vapid.ts"
import { HOUSE_FILE } from "./house.ts"

const there = [need("MariaDB", hasMariadb), need("nats-server", hasNats)].every(Boolean)

describe.runIf(there)("two nodes of one house", () => {
  let database: Mariadb
  let nats: Nats
  let folder: string
  let url: string
  let open: TestHouse[]

  beforeAll(async () => {
    database = await startMariadb(["--innodb-flush-log-at-trx-commit=2"])
    nats = await startNats()
  })
  afterAll(async () => {
    await nats?.stop()
    await database?.stop()
  })
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-several-"))
    url = await database.fresh()
    open = []
  })
  afterEach(async () => {
    await Promise.all(open.map((one) => one.stop()))
    rmSync(folder, { recursive: true, force: true })
  })

  const where = (name: string): StartOptions & { data: string } => ({
    ...{ data: join(folder, name), database: url, nats: nats.url },
    ...{ keys: join(folder, "keys"), blobs: join(folder, "blobs") },
  })
  const node = async (name: string, more: StartOptions = {}) => {
    const opened = await openTestHouse({ ...where(name), ...more })
    open.push(opened)
    return opened
  }
  const two = async (more: StartOptions = {}) => {
    const both = await Promise.all([node("one", more), node("two", more)])
    await heard(...both)
    return both as [TestHouse, TestHouse]
  }
  const notes = async (one: TestHouse) => (await one.raw({ path: "/readyz" })).text
  const heard = (...all: TestHouse[]) =>
    expect.poll(async () => (await Promise.all(all.map(notes))).join("")).not.toContain("away")

  it("are the same to a person who comes to one after the other, also between the two halves of signing in", async () => {
    const [one, other] = await two()
    const [first, second] = [await one.call("house"), await other.call("house")]
    expect({ ...second.value, time: 0 }).toEqual({ ...first.value, time: 0 })
    expect((await other.call("pushKey")).value).toEqual((await one.call("pushKey")).value)
    const lin = await register(one, "lin")
    const turns: TestHouse = {
      ...one,
      call: (name, given) => (name === "loginFinish" ? other : one).call(name, given),
    }
    const { entered } = await login(turns, "lin", lin.password)
    expect(entered?.status).toBe(200)
    expect((await other.call("me", { token: lin.token })).value.username).toBe("lin")
  })

  it("take an upload by halves, and either gives it out", async () => {
    const [one, other] = await two()
    const lin = await register(one, "lin")
    const [blob, token, bytes] = [idFrom(random(16)), random(16), random(1000)]
    const base64 = (part: Uint8Array) => Buffer.from(part).toString("base64")
    const bearer = { authorization: `Bearer ${toBase64url(lin.token)}` }
    const tus = { ...bearer, "tus-resumable": "1.0.0" }
    const about = `blob ${base64(Buffer.from(blob, "base64url"))},token ${base64(sha256(token))}`
    const headers = { ...tus, "upload-length": "1000", "upload-metadata": about }
    expect((await one.raw({ method: "POST", path: "/api/uploads", headers })).status).toBe(201)
    for (const [at, from] of [one, other].entries()) {
      const body = bytes.subarray(at * 500, at * 500 + 500)
      const more = { "upload-offset": String(at * 500), "content-type": "application/offset+octet-stream" }
      const sent = { method: "PATCH", path: `/api/uploads/${blob}`, headers: { ...tus, ...more }, body }
      expect((await from.raw(sent)).status).toBe(204)
    }
    for (const { url: origin } of [one, other]) {
      const answer = await fetch(`${origin}/api/blobs/${blob}`, {
        headers: { ...bearer, "x-read-token": toBase64url(token) },
      })
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes)
    }
  })

  it("a session that is ended at one closes its sockets at the other: at once, and without NATS at the next look", async () => {
    const [one, other] = await two({ limits: { sessionRecheckMs: 1_000 } })
    const lin = await register(one, "lin")
    const [phone, tablet] = [await phoneOf(one, lin), await phoneOf(one, lin)]
    const [desk, pocket, sofa] = [
      await listen(other, lin),
      await listen(other, phone),
      await listen(other, tablet),
    ]
    await one.call("logout", { token: phone.token })
    await expect.poll(() => pocket.closed()).toBe(1008)
    await nats.stop()
    await one.call("logout", { token: tablet.token })
    await expect.poll(() => sofa.closed()).toBe(1008)
    expect(desk.closed()).toBe(0)
    expect((await other.call("me", { token: tablet.token })).refusal.kind).toBe("session_expired")
    await nats.start()
    await heard(one, other)
  })

  it("what one tells a person arrives at the other; what NATS has lost is read again when it is back", async () => {
    const [one, other] = await two()
    const lin = await register(one, "lin")
    const phone = await phoneOf(one, lin)
    const desk = await listen(other, lin)
    const write = () =>
      one.call("writeProfile", { token: phone.token, request: { version: ++version, sealed: random(9) } })
    let version = 0
    await write()
    await expect.poll(() => desk.hints).toEqual(["profile"])
    await nats.stop()
    await expect.poll(() => notes(other)).toBe("ready\nnats: away\n")
    await write()
    await nats.start()
    const all = ["profile", ...hintTopics]
    await expect.poll(() => desk.hints.slice(0, all.length)).toEqual(all)
    expect(await notes(other)).toBe("ready\n")
    for (const words of ["nats is away", "nats is connected"]) expect(other.logged()).toContain(words)
  })

  it("count guesses at a password together", async () => {
    const at = Date.now()
    const [one, other] = await two({ now: () => at, limits: { signInsPerMinuteAccount: 5 } })
    const guess = async (at: TestHouse) => (await login(at, "lin", "wrong")).begun.status
    for (let i = 0; i < 5; i++) expect(await guess(one)).toBe(200)
    expect(await guess(one)).toBe(429)
    // Told a moment later: until then the other one's own burst holds.
    let more = 0
    await expect
      .poll(async () => {
        const status = await guess(other)
        if (status === 200) more++
        return status
      })
      .toBe(429)
    expect(more).toBeLessThanOrEqual(5)
  })

  /** The sentence that a person gets. */
  const refusal = async (options: StartOptions): Promise<string> => {
    const opened = await startHouse({ port: 0, logLevel: "silent", ...options }).catch((error) => error)
    if (!(opened instanceof StartRefused)) throw new Error("it opened, or failed in another way")
    expect(opened.problem.zh).toMatch(/\p{Script=Han}/u)
    return opened.problem.en
  }

  it("without the keys of the first, the second is refused, and makes none of its own", async () => {
    const one = await node("one")
    const keys = join(folder, "other keys")
    const second = { ...where("two"), keys }
    expect(await refusal(second)).toContain("copy house.json and push.json from the first one")
    expect(readdirSync(keys)).toEqual([])

    const elsewhere = { ...where("three"), keys, database: await database.fresh() }
    await (await openTestHouse(elsewhere)).stop()
    expect(await refusal(second)).toContain("do not belong to the same house")

    copyFileSync(join(folder, "keys", HOUSE_FILE), join(keys, HOUSE_FILE))
    expect(await refusal(second)).toContain("is not the one of the other nodes")
    rmSync(join(keys, PUSH_FILE))
    expect(await refusal(second)).toContain("is not the one of the other nodes")
    expect(existsSync(join(keys, PUSH_FILE))).toBe(false)
    copyFileSync(join(folder, "keys", PUSH_FILE), join(keys, PUSH_FILE))
    const two = await node("two", { keys })
    expect((await two.call("pushKey")).value).toEqual((await one.call("pushKey")).value)
  })

  it("with a push key that is lost, one node makes a new one, alone", async () => {
    const one = await node("one")
    await one.stop()
    rmSync(join(folder, "keys", PUSH_FILE))
    expect(await refusal(where("one"))).toContain("start one node once without nats")
    const { nats: _, ...alone } = where("one")
    await (await openTestHouse(alone)).stop()
    await two()
  })

  it("cannot have one data folder in common, and say which folder it is that cannot be used", async () => {
    await node("one")
    expect(await refusal(where("one"))).toContain("in use by another Teahouse")
    mkdirSync(join(folder, "file"))
    copyFileSync(join(folder, "keys", PUSH_FILE), join(folder, "file", "no-folder"))
    const path = join(folder, "file", "no-folder")
    expect(await refusal({ ...where("two"), keys: path })).toBe(
      `${path} is not a folder. Name one with keys.`,
    )
    expect(await refusal({ ...where("two"), blobs: path })).toBe(
      `${path} is not a folder. Name one with blobs.`,
    )
  })
})
