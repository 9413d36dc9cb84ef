import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import { isFailedSync, isFailingDisk, unlessFull, writeAgain } from "./failed-sync.ts"

const folder = mkdtempSync(join(tmpdir(), "teahouse-sync-"))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test("a file is written over with what it has, every byte of it", () => {
  const path = join(folder, "house.db-wal")
  writeAgain(path)
  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  const whole = Buffer.concat(Array.from({ length: 45 }, () => bytes))
  writeFileSync(path, whole)
  utimesSync(path, 1, 1)
  writeAgain(path)
  expect(readFileSync(path).equals(whole)).toBe(true)
  // It was really written.
  expect(statSync(path).mtimeMs).toBeGreaterThan(1_000)
})

test("what a disk may say: not kept, failing, full", () => {
  const sqlite = (errcode: number) => Object.assign(new Error("sqlite"), { errcode })
  const system = (code: string) => Object.assign(new Error("system"), { code })
  // SQLITE_IOERR_FSYNC; SQLITE_IOERR_WRITE; SQLITE_FULL; SQLITE_CONSTRAINT_UNIQUE
  expect([1034, 778, 13, 2067].map((code) => isFailedSync(sqlite(code)))).toEqual([true, false, false, false])
  expect([1034, 778, 13, 2067].map((code) => isFailingDisk(sqlite(code)))).toEqual([true, true, false, false])
  expect([system("EIO"), system("ENOSPC"), undefined].map((error) => isFailedSync(error))).toEqual([
    ...[false, false, false],
  ])
  const thrown = (error: unknown) => () =>
    unlessFull(() => {
      throw error
    })
  expect(thrown(sqlite(13))).not.toThrow()
  expect(thrown(system("ENOSPC"))).not.toThrow()
  expect(thrown(sqlite(1034))).toThrow("sqlite")
})
