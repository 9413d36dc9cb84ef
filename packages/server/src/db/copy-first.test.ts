/** Before an older program's database is changed there is a copy of it; where there is no room for one, nothing is changed. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterEach, beforeEach, expect, test } from "vitest"
import { copyFirst } from "./copy-first.ts"
import { migrate } from "./migrate.ts"
import type { Migration } from "./migrations/migrations.ts"
import { sqliteTarget } from "./node-sqlite.ts"

const made = (id: number): Migration => ({
  ...{ id, name: `step ${id}`, statements: [`CREATE TABLE step_${id} (x BLOB)`] },
})
const upTo = (last: number) => Array.from({ length: last }, (_, i) => made(i + 1))
const NOW = Date.UTC(2026, 10, 27, 16, 35, 17)

let folder: string
let path: string
let db: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-copy-"))
  path = join(folder, "house.db")
  db = new DatabaseSync(path)
  db.exec("PRAGMA journal_mode = WAL")
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})
const copies = () => readdirSync(folder).filter((name) => name.includes("before"))
const upgrade = async (last: number, now: number, free = Number.POSITIVE_INFINITY) => {
  const copied = copyFirst(db, path, { known: upTo(last), now, free: () => free })
  if (copied.ok) await migrate(sqliteTarget(db), upTo(last), now)
  return copied
}
const idsIn = (file: DatabaseSync) =>
  file
    .prepare("SELECT id FROM migration ORDER BY id")
    .all()
    .map(({ id }) => id)

test("a new database, and one that is up to date, are not copied", async () => {
  expect(await upgrade(1, NOW)).toEqual({ ok: true, value: undefined })
  expect(await upgrade(1, NOW)).toEqual({ ok: true, value: undefined })
  expect(copies()).toEqual([])
})

test("the copy has what the older program had written, also what stood in its WAL, for its owner only", async () => {
  await upgrade(1, NOW)
  db.exec("INSERT INTO step_1 VALUES (randomblob(1000))")
  const copied = await upgrade(2, NOW + 1000)
  const there = join(folder, "house.before-2.20261127T163518Z.db")
  expect(copied).toEqual({ ok: true, value: there })
  expect(copies()).toEqual(["house.before-2.20261127T163518Z.db"])
  if (process.platform !== "win32") expect(statSync(there).mode & 0o777).toBe(0o600)
  const copy = new DatabaseSync(there, { readOnly: true })
  expect(idsIn(copy)).toEqual([1])
  expect(copy.prepare("SELECT length(x) AS n FROM step_1").get()?.n).toBe(1000)
  copy.close()
  expect(idsIn(db)).toEqual([1, 2])
})

test("the last two are kept, and what an interrupted one has left is removed before room is looked for", async () => {
  await upgrade(1, NOW)
  const left = join(folder, "house.before-2.20261126T163517Z.db.unfinished")
  for (const name of [left, `${left}-journal`]) writeFileSync(name, "half a copy")
  const free = () => (existsSync(left) ? 0 : Number.POSITIVE_INFINITY)
  expect(copyFirst(db, path, { known: upTo(2), now: NOW, free })).toMatchObject({ ok: true })
  for (const last of [2, 3, 4]) await upgrade(last, NOW + last * 60_000)
  expect(copies()).toEqual(["house.before-3.20261127T163817Z.db", "house.before-4.20261127T163917Z.db"])
})

test("without room for it nothing is changed, and how much is needed is said", async () => {
  await upgrade(1, NOW)
  const refused = await upgrade(2, NOW, 64 * 1024 * 1024)
  expect(refused).toMatchObject({ ok: false, error: { kind: "no_room", free: 64 * 1024 * 1024 } })
  expect(!refused.ok && refused.error.needs).toBeGreaterThan(64 * 1024 * 1024)
  expect(copies()).toEqual([])
  expect(idsIn(db)).toEqual([1])
})

test("a disk that is full on the way is said, and any other failure is one; neither leaves anything behind", async () => {
  await upgrade(1, NOW)
  const copy = (error: Error) => {
    const run = (to: string) => {
      for (const name of [to, `${to}-journal`]) writeFileSync(name, "half a copy")
      throw error
    }
    const prepare = (sql: string) => (sql.startsWith("VACUUM") ? { run } : db.prepare(sql))
    const failing = { prepare } as unknown as DatabaseSync
    return copyFirst(failing, path, { known: upTo(2), now: NOW, free: () => 1e9 })
  }
  // As SQLite says it (node:sqlite), and the system.
  for (const full of [{ errcode: 13 }, { code: "ENOSPC" }, { code: "EDQUOT" }])
    expect(copy(Object.assign(new Error("full"), full))).toMatchObject({
      error: { kind: "no_room", free: 1e9 },
    })
  expect(() => copy(Object.assign(new Error("disk I/O error"), { errcode: 10 }))).toThrow("disk I/O error")
  expect(copies()).toEqual([])
  expect(idsIn(db)).toEqual([1])
})

test("a newer program's database is left as it is", async () => {
  await upgrade(3, NOW)
  expect(copyFirst(db, path, { known: upTo(2), now: NOW })).toEqual({ ok: true, value: undefined })
  expect(copies()).toEqual([])
})
