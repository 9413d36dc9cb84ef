/** Backups of a real house, open while they are taken, and houses that are restored from them. */
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { incarnationToSign, roomIncarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createBlobs } from "../blob/blobs.ts"
import { folderStore } from "../blob/folder.ts"
import { databaseOf, onMysql, rawSql } from "../db/database.fixture.ts"
import { openDatabase } from "../db/open.ts"
import {
  idOf,
  login,
  openTestHouse,
  publish,
  register,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"
import {
  begin,
  changeManifest,
  end,
  openGroup,
  readBlob,
  restoreFrom,
  type shelf,
  take,
  uploadTo,
} from "./backup.fixture.ts"
import { checkBackup } from "./check.ts"
import * as format from "./format.ts"
import { makeOperatorKey, openAsOperator, readOperatorKey } from "./operator-key.ts"
import type { RestoreOptions } from "./restore.ts"

let place: ReturnType<typeof shelf>
let house: TestHouse
let lin: TestPerson
let undo: (() => unknown)[]
beforeEach(async () => {
  ;({ place, house, lin, undo } = await begin())
})
afterEach(() => end(undo))

const bytes = (length: number) => new Uint8Array(randomBytes(length))
const taken = async (name: string, more: Parameters<typeof take>[2] = {}) => {
  const result = await take(house.data, place.at(name), more)
  if (!result.ok) throw new Error(result.error.kind)
  return result.value
}
const restore = (name: string, data: string, more: Partial<RestoreOptions> = {}) =>
  restoreFrom(place.at(name), data, more)
async function restored(name: string, more: Partial<RestoreOptions> = {}): Promise<TestHouse> {
  const data = place.at(`${name}-house`)
  const result = await restore(name, data, more)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  const opened = await openTestHouse({ data })
  undo.push(opened.remove)
  return opened
}
const damagesOf = async (name: string) => (await checkBackup(place.at(name), true)).damages

describe("a backup of a house that is open", () => {
  it("is whole, and a house is restored from it in which people sign in and find their rooms and files", async () => {
    const room = await openGroup(house, lin)
    const [content, part] = [bytes(70_000), bytes(1_000)]
    const file = await uploadTo(house, lin, content)
    const half = await uploadTo(house, lin, part, 5_000)
    const { manifest } = await taken("one")
    expect(manifest).toMatchObject({
      opaque: "unsealed",
      mark: { rooms: 1, entries: 1 },
      files: { count: 2, bytes: 71_000, missing: [] },
      rows: { account: 1, entry: 1, blob_file: 2 },
    })
    expect(await checkBackup(place.at("one"), true)).toEqual({ manifest, damages: [] })
    expect(place.names()).toEqual(["one"])
    // What comes afterwards is not in it.
    await register(house, "mei")
    await house.stop()

    const again = await restored("one")
    expect(await idOf(again)).toBe(manifest.house)
    const { entered } = await login(again, "lin", lin.password)
    expect(entered?.status).toBe(200)
    const { rooms } = (await again.call("listRooms", { token: lin.token })).value
    expect(rooms).toMatchObject([{ room, seq: 1, epoch: 0 }])
    expect(await readBlob(again, lin, file)).toEqual(content)
    const rest = await again.raw({
      method: "HEAD",
      path: `/api/uploads/${half.blob}`,
      headers: {
        authorization: `Bearer ${Buffer.from(lin.token).toString("base64url")}`,
        "tus-resumable": "1.0.0",
      },
    })
    expect(rest.headers["upload-offset"]).toBe("1000")
    expect((await login(again, "mei", "mei likes oolong")).entered?.status).not.toBe(200)
  })

  it("begins a new life of its log, signed for the house and for each room", async () => {
    const room = await openGroup(house, lin)
    const [before] = (await house.call("listRooms", { token: lin.token })).value.rooms
    await taken("one")
    await house.stop()
    const time = 1_800_000_000_000
    const again = await restored("one", { now: () => time })
    const incarnation = time / 60_000
    const said = (await again.call("house")).value
    expect(said.incarnation).toMatchObject({ incarnation, previous: 1, time })
    const { houseKey } = said
    expect(
      await verifyEd25519(houseKey, said.incarnation.signature, incarnationToSign(said.incarnation)),
    ).toBe(true)

    const asked = await again.call("roomIncarnations", { token: lin.token, params: { room } })
    const { seq, hash } = before as NonNullable<typeof before>
    expect(asked.value.incarnations).toMatchObject([{ incarnation, previous: 1, seq, hash, time }])
    const [statement] = asked.value.incarnations
    if (!statement) throw new Error("nothing was said")
    const { signature, ...content } = statement
    const signed = (of = content) => roomIncarnationToSign(said.house, room, of)
    expect(await verifyEd25519(houseKey, signature, signed())).toBe(true)
    expect(await verifyEd25519(houseKey, signature, signed({ ...content, seq: seq + 1 }))).toBe(false)
    // The log as it was, the room in its new life.
    expect((await again.call("listRooms", { token: lin.token })).value.rooms).toMatchObject([
      { incarnation, seq, hash },
    ])
    const log = await again.call("readLog", { token: lin.token, params: { room }, request: { after: 0 } })
    expect(log.value).toMatchObject({ incarnation: 1, entries: [{ seq: 1 }] })
    const mei = await register(again, "mei")
    const refused = await again.call("roomIncarnations", { token: mei.token, params: { room } })
    expect(refused.refusal.kind).toBe("unknown_room")
    // New rooms begin in it, too.
    const next = await openGroup(again, mei)
    expect((await again.call("listRooms", { token: mei.token })).value.rooms).toMatchObject([
      { room: next, incarnation },
    ])
  })

  it("is restored twice: each time a life that nobody has seen, which names the one before", async () => {
    const room = await openGroup(house, lin)
    await taken("one")
    await house.stop()
    let time = 1_800_000_000_000
    const first = await restored("one", { now: () => time })
    expect((await take(first.data, place.at("two"))).ok).toBe(true)
    await first.stop()
    time += 120_000
    const second = await restored("two", { now: () => time })
    const { value } = await second.call("roomIncarnations", { token: lin.token, params: { room } })
    expect(value.incarnations).toMatchObject([
      { incarnation: 30_000_000, previous: 1 },
      { incarnation: 30_000_002, previous: 30_000_000 },
    ])
    expect((await restore("one", place.at("three"), { now: () => time })).ok).toBe(true)
    const [row] = await rawSql(place.at("three"), "SELECT incarnation FROM house")
    expect(row?.incarnation).toBe(30_000_002)
    // A clock that stands far back gives no old number.
    const back = await restore("two", place.at("four"), { now: () => 1_000 })
    expect(back).toMatchObject({ ok: true, value: { incarnation: 30_000_001 } })
  })

  it("hands out no key package that may have been handed out after it was taken, nor takes it again", async () => {
    const { oneTime, lastResort } = await publish(house, lin)
    await taken("one")
    await house.stop()
    const again = await restored("one")
    const count = async () => (await again.call("countKeyPackages", { token: lin.token })).value
    expect(await count()).toMatchObject({ oneTime: 0, lastResortSince: expect.any(Number) })
    await again.call("publishKeyPackages", { token: lin.token, request: { oneTime, lastResort } })
    expect((await count()).oneTime).toBe(0)
    await publish(again, lin, 3)
    expect((await count()).oneTime).toBe(3)
  })

  it("keeps sessions, unless everybody is to sign in again", async () => {
    await taken("one")
    await house.stop()
    const kept = await restored("one")
    expect((await kept.call("me", { token: lin.token })).status).toBe(200)
    expect(await rawSql(kept.data, "SELECT id FROM backup")).toEqual([])
    await kept.stop()
    await restore("one", place.at("out"), { signOut: true })
    const out = await openTestHouse({ data: place.at("out") })
    undo.push(out.remove)
    expect((await out.call("me", { token: lin.token })).status).toBe(401)
    expect((await login(out, "lin", lin.password)).entered?.status).toBe(200)
  })

  it("is announced before its rows are read and afterwards no more", async () => {
    const { manifest } = await taken("one")
    expect(manifest.rows.backup).toBe(1)
    expect(await rawSql(house.data, "SELECT id FROM backup")).toEqual([])
    await expect(taken("one")).rejects.toThrow("exists")
    expect(await rawSql(house.data, "SELECT id FROM backup")).toEqual([])
  })

  it("while it is taken no file's bytes go; they go once it is over, or was killed", async () => {
    const headers = {
      authorization: `Bearer ${Buffer.from(lin.token).toString("base64url")}`,
      "tus-resumable": "1.0.0",
    }
    const stored = () =>
      readdirSync(join(house.data, "blobs"), { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map(({ name }) => name)
    const dropped = async () => {
      const { blob } = await uploadTo(house, lin, bytes(100))
      const answer = await house.raw({ method: "DELETE", path: `/api/uploads/${blob}`, headers })
      expect(answer.status).toBe(204)
      return Buffer.from(idBytes(blob)).toString("hex")
    }
    await dropped()
    expect(stored()).toEqual([])
    const hold = "INSERT INTO backup (id, until) VALUES (?, ?)"
    await rawSql(house.data, hold, [bytes(16), Date.now() - 1])
    await dropped()
    expect(stored()).toEqual([])
    await rawSql(house.data, hold, [bytes(16), Date.now() + 60_000])
    const name = await dropped()
    expect(stored()).toEqual([name])
    // A house that starts meanwhile leaves them, too.
    await house.stop()
    const url = await databaseOf(house.data)
    let now = Date.now()
    const db = await openDatabase({ url, folder: house.data })
    const store = folderStore(join(house.data, "blobs"))
    const looked: number[] = []
    const blobs = createBlobs({
      ...{ db, store, limits, onError: (error) => expect(error).toBeUndefined() },
      now: () => {
        looked.push(now)
        return now
      },
    })
    // Once when it sweeps, and once when it comes to that file.
    await expect.poll(() => looked.length).toBeGreaterThan(1)
    await blobs.sweep()
    expect(stored()).toEqual([name])
    now += 60_001
    await blobs.sweep()
    expect(stored()).toEqual([])
    blobs.stop()
    await db.close()
  })
})

describe("sealed to an operator", () => {
  it("the OPAQUE secret is nowhere in it, and opens with that key alone", async () => {
    const publicKey = await makeOperatorKey(place.at("key"))
    expect(statSync(place.at("key")).mode & 0o077).toBe(0)
    expect(await makeOperatorKey(place.at("key"))).toBeUndefined()
    await makeOperatorKey(place.at("other"))
    await taken("one", { operatorKey: publicKey })
    const secret = JSON.parse(readFileSync(join(house.data, "house.json"), "utf8")).opaqueSetup as string
    for (const name of readdirSync(place.at("one")))
      if (statSync(join(place.at("one"), name)).isFile())
        expect(readFileSync(join(place.at("one"), name)).includes(secret), name).toBe(false)
    await house.stop()
    const key = (name: string) => ({ operatorKey: readOperatorKey(place.at(name)) })
    const target = place.at("target")
    expect(await restore("one", target)).toEqual({ ok: false, error: { kind: "needs_key" } })
    expect(await restore("one", target, key("other"))).toEqual({ ok: false, error: { kind: "wrong_key" } })
    expect(existsSync(target)).toBe(false)
    const again = await restored("one", key("key"))
    expect((await login(again, "lin", lin.password)).entered?.status).toBe(200)
  })

  it("opens in no other backup, and a public key of no use is refused", async () => {
    const publicKey = await makeOperatorKey(place.at("key"))
    const [one, two] = [
      await taken("one", { operatorKey: publicKey }),
      await taken("two", { operatorKey: publicKey }),
    ]
    const sealed = readFileSync(join(one.path, format.SEALED))
    const { privateKey } = readOperatorKey(place.at("key")) as { privateKey: Uint8Array }
    expect((await openAsOperator(privateKey, one.manifest, sealed)).ok).toBe(true)
    expect(await openAsOperator(privateKey, two.manifest, sealed)).toEqual({ ok: false, error: "wrong_key" })
    expect(await take(house.data, place.at("three"), { operatorKey: new Uint8Array(32) })).toEqual({
      ok: false,
      error: { kind: "bad_key" },
    })
    expect(place.names().sort()).toEqual(["key", "one", "two"])
  })
})

describe("a damaged backup", () => {
  it("names each part that was cut, changed or taken away", async () => {
    await openGroup(house, lin)
    await uploadTo(house, lin, bytes(5_000))
    const { manifest } = await taken("one", { operatorKey: await makeOperatorKey(place.at("key")) })
    const all = readdirSync(place.at("one"), { recursive: true }).map(String)
    const files = all.filter((name) => statSync(join(place.at("one"), name)).isFile())
    expect(files.sort()).toEqual(
      [
        ...Object.keys(manifest.parts),
        format.MANIFEST,
        format.MANIFEST_SUM,
        files.find((one) => one.startsWith("blobs/")),
      ].sort(),
    )
    for (const name of files) {
      const path = join(place.at("one"), name)
      const whole = readFileSync(path)
      const changed = Uint8Array.from(whole)
      const middle = changed.length >> 1
      // Of the sum itself, too, so that it is none any more: else nobody could say which of the two has changed.
      changed[middle] = (changed[middle] as number) ^ 0x80
      writeFileSync(path, changed)
      expect(await damagesOf("one"), name).toEqual([{ kind: "differs", part: name }])
      writeFileSync(path, whole.subarray(0, -1))
      expect(await damagesOf("one"), name).toEqual([{ kind: "differs", part: name }])
      rmSync(path)
      const missing = name === format.MANIFEST ? { kind: "no_backup" } : { kind: "missing", part: name }
      expect(await damagesOf("one"), name).toEqual([missing])
      expect(await restore("one", place.at("target"))).toEqual({
        ok: false,
        error: { kind: "damaged", damages: [missing] },
      })
      writeFileSync(path, whole)
    }
    expect(existsSync(place.at("target"))).toBe(false)
    expect(await damagesOf("one")).toEqual([])
  })

  it("with rows that are not the house's is found out, even where all sums are right", async () => {
    const room = await openGroup(house, lin)
    await openGroup(house, lin)
    const file = await uploadTo(house, lin, bytes(10))
    await taken("one")
    const folder = place.at("one")
    const whole = readFileSync(join(folder, format.ROWS))
    const after = async (sql: string, ...values: Uint8Array[]) => {
      writeFileSync(join(folder, format.ROWS), whole)
      const db = new DatabaseSync(join(folder, format.ROWS))
      db.prepare(sql).run(...values)
      db.close()
      const part = await format.partOf(join(folder, format.ROWS))
      await changeManifest(folder, (text) => {
        const changed = JSON.parse(text)
        changed.parts[format.ROWS] = part
        return JSON.stringify(changed)
      })
      return damagesOf("one")
    }
    const id = idBytes(room)
    expect(await after("UPDATE entry SET time = time + 1 WHERE room_id = ?", id)).toEqual([
      { kind: "chain", room, seq: 1 },
    ])
    expect(await after("UPDATE entry SET body = x'00' WHERE room_id = ?", id)).toEqual([
      { kind: "chain", room, seq: 1 },
    ])
    expect(await after("DELETE FROM entry WHERE room_id = ?", id)).toContainEqual({
      kind: "chain",
      room,
      seq: 1,
    })
    expect(await after("UPDATE room SET seq = 2 WHERE id = ?", id)).toEqual([
      { kind: "table", table: "room" },
      { kind: "chain", room, seq: 2 },
    ])
    expect(await after("DELETE FROM account")).toEqual([{ kind: "table", table: "account" }])
    const other = bytes(16)
    const { part } = (
      await after("UPDATE blob_file SET id = ? WHERE id = ?", other, idBytes(file.blob))
    )[0] as { part: string }
    expect(part).toContain(Buffer.from(other).toString("hex"))
    // A log that was damaged before is no reason to have no house at all.
    await after("UPDATE entry SET time = time + 1 WHERE room_id = ?", id)
    await house.stop()
    expect((await restore("one", place.at("target"))).ok).toBe(true)
  })

  it("of a newer program says so", async () => {
    await taken("one")
    await changeManifest(place.at("one"), (text) => text.replace('"format": 1', '"format": 2'))
    expect(await damagesOf("one")).toEqual([{ kind: "newer" }])
  })
})

describe("what is refused changes nothing", () => {
  it("a place that is taken, a folder that is not there, no house, other keys", async () => {
    await taken("one")
    writeFileSync(place.at("file"), "tea")
    const kindOf = async (data: string, to: string) => {
      const result = await take(data, to)
      return result.ok ? "taken" : result.error.kind
    }
    expect(await kindOf(house.data, place.at("one"))).toBe("exists")
    expect(await kindOf(house.data, place.at("file"))).toBe("exists")
    expect(await kindOf(house.data, place.at("no/where"))).toBe("no_folder")
    expect(await kindOf(place.at("nothing"), place.at("two"))).toBe("no_house")
    mkdirSync(place.at("keys"))
    const other = await openTestHouse()
    undo.push(other.remove)
    const configuration = { data: house.data, database: await databaseOf(house.data), keys: other.data }
    const result = await take(house.data, place.at("two"), { configuration })
    expect(result).toMatchObject({ ok: false, error: { kind: "keys_differ" } })
    expect(place.names().sort()).toEqual(["file", "keys", "one"])
    // In a folder that is there it is made inside, by a name that says when.
    const inside = await take(house.data, place.at("keys"), { now: () => 1_800_000_000_000 })
    expect(inside).toMatchObject({ ok: true, value: { path: place.at("keys/teahouse-20270115T080000Z") } })
  })

  it("a folder or a database with anything in it", async () => {
    await taken("one")
    mkdirSync(place.at("full"))
    writeFileSync(place.at("full/tea.txt"), "oolong")
    expect(await restore("one", place.at("full"))).toMatchObject({ ok: false, error: { kind: "not_empty" } })
    expect(readdirSync(place.at("full"))).toEqual(["tea.txt"])
    writeFileSync(place.at("file"), "tea")
    expect(await restore("one", place.at("file"))).toMatchObject({
      ok: false,
      error: { kind: "not_a_folder" },
    })
    if (!onMysql) return
    const database = await databaseOf(house.data)
    const refused = await restore("one", place.at("empty"), { database })
    expect(refused).toMatchObject({ ok: false, error: { kind: "database_not_empty" } })
    expect(existsSync(place.at("empty"))).toBe(false)
  })

  it("a restore that fails half way leaves the folder as empty as it was", async () => {
    const { blob } = await uploadTo(house, lin, bytes(500))
    await taken("one")
    await house.stop()
    mkdirSync(place.at("target"))
    const failing = {
      onProgress: (step: string) => {
        if (step === "copy") throw new Error("the power is gone")
      },
    }
    await expect(restore("one", place.at("target"), { ...failing, database: "sqlite" })).rejects.toThrow(
      "power",
    )
    expect(readdirSync(place.at("target"))).toEqual(["house.lock"])
    expect(blob).toBeDefined()
    expect((await restore("one", place.at("target"), { database: "sqlite" })).ok).toBe(true)
  })

  it("a house that has lost a file is backed up, and which file is said", async () => {
    const [kept, lost] = [await uploadTo(house, lin, bytes(50)), await uploadTo(house, lin, bytes(60))]
    const hex = (blob: typeof lost.blob) => Buffer.from(idBytes(blob)).toString("hex")
    const name = hex(lost.blob)
    rmSync(join(house.data, "blobs", name.slice(0, 2), name))
    const { manifest } = await taken("one")
    expect(manifest.files).toEqual({ count: 1, bytes: 50, missing: [name] })
    expect(await damagesOf("one")).toEqual([])
    await house.stop()
    const again = await restored("one")
    expect((await readBlob(again, lin, kept)).length).toBe(50)
  })
})
