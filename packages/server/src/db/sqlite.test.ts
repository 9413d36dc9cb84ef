import { mkdtempSync, rmSync, statSync, utimesSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { afterEach, expect, test } from "vitest"
import { trace } from "../ops/log.ts"
import type { OpenArgs } from "../room/writes/open.ts"
import type { Database } from "./port.ts"
import { openSqlite, type SqliteOptions } from "./sqlite.ts"

const id = () => newId((length) => crypto.getRandomValues(new Uint8Array(length)))
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const file = () => {
  const dir = mkdtempSync(join(tmpdir(), "teahouse-db-"))
  undo.push(() => rmSync(dir, { recursive: true }))
  return join(dir, "house.db")
}
async function open(path: string, more: Partial<SqliteOptions> = {}): Promise<Database> {
  const opened = await openSqlite({ path, ...more })
  if (!opened.ok) throw new Error(opened.error.message)
  undo.push(() => opened.value.close())
  return opened.value
}

const room = (size = 100): OpenArgs => {
  const [user, device] = [id(), id()] as [Id, Id]
  const roster = [{ device, user, leaf: 0, signatureKey: new Uint8Array(32) }]
  const ids = { room: id(), user, device, roster, entering: [] }
  return { ...ids, kind: 1, state: 1, incarnation: 1, now: 1000, n: 1, opening: new Uint8Array(size) }
}
const rooms = (db: Database) => db.read.selectFrom("room").selectAll().execute()

test("a write is there for readers once it is answered, and after opening again", async () => {
  const path = file()
  const db = await open(path)
  const answer = await db.write("room.open", room())
  expect(answer.ok).toBe(true)
  expect(await rooms(db)).toHaveLength(1)
  await db.close()
  expect(await rooms(await open(path))).toHaveLength(1)
})

test("whoever opens it beside a house that has it open writes nothing of the log anew", async () => {
  const path = file()
  const db = await open(path, { held: true })
  await db.write("room.open", room())
  const written = async (more: Partial<SqliteOptions>) => {
    utimesSync(`${path}-wal`, 1, 1)
    await (await open(path, more)).close()
    return statSync(`${path}-wal`).mtimeMs > 1_000
  }
  expect(await written({})).toBe(false)
  expect(await written({ held: true })).toBe(true)
})

test("writes that wait together are committed together, and a refused one undoes itself alone", async () => {
  const db = await open(file())
  const one = room()
  const clash = { ...room(), room: one.room }
  const answers = await Promise.all([one, clash, room(), room()].map((args) => db.write("room.open", args)))
  expect(answers.map((a) => (a.ok ? "ok" : a.error.kind))).toEqual(["ok", "id_taken", "ok", "ok"])
  expect(await rooms(db)).toHaveLength(3)
})

test("a write that throws fails alone, in a group with others", async () => {
  const db = await open(file())
  const broken = { ...room(), opening: null as unknown as Uint8Array }
  const answers = await Promise.allSettled(
    [room(), broken, room()].map((args) => db.write("room.open", args)),
  )
  expect(answers.map((a) => a.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  expect(await rooms(db)).toHaveLength(2)
})

test("what the log may say of a write that failed is the database's code, and nothing of what was to be written", async () => {
  const db = await open(file())
  const one = room()
  const twice = { ...one, roster: [...one.roster, ...one.roster] }
  const failed = await db.write("room.open", twice).catch((error: unknown) => error)
  expect(String(failed)).toContain("constraint failed")
  const logged = trace(failed)
  expect(logged).toMatchObject({ error: "Error", code: "SQLITE_CONSTRAINT/1555" })
  expect(JSON.stringify(logged)).not.toContain("constraint failed")
})

test("a full database refuses writes, changes nothing, and goes on reading and taking what fits", async () => {
  const path = file()
  const codes: string[] = []
  const db = await open(path, { maxPages: 120, onFull: (code) => void codes.push(code) })
  await db.write("room.open", room())
  const large = await db.write("room.open", room(1_000_000))
  expect(large.ok ? "ok" : large.error.kind).toBe("storage_full")
  expect(codes).toEqual(["SQLITE_FULL"])
  expect(await rooms(db)).toHaveLength(1)
  expect((await db.write("room.open", room())).ok).toBe(true)
  const together = await Promise.all([room(), room(900_000), room()].map((a) => db.write("room.open", a)))
  expect(together.map((a) => (a.ok ? "ok" : a.error.kind))).toEqual(["ok", "storage_full", "ok"])
  expect(await rooms(db)).toHaveLength(4)
})

test("a database of a newer program is refused with a sentence of its own", async () => {
  const path = file()
  await (await open(path)).close()
  const raw = new DatabaseSync(path)
  raw.exec("INSERT INTO migration VALUES (9999, 'from the future', 0)")
  raw.close()
  const opened = await openSqlite({ path })
  expect(opened.ok ? "opened" : opened.error.kind).toBe("newer_schema")
})

test("after closing, writes are refused as bugs", async () => {
  const db = await open(file())
  await db.close()
  await expect(db.write("room.open", room())).rejects.toThrow("closed")
})
