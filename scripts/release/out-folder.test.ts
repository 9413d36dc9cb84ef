import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import { emptyOut } from "./out-folder.ts"

const folder = mkdtempSync(join(tmpdir(), "teahouse-out-"))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test("an older release goes, and a folder that has anything else in it stays as it is", () => {
  const out = join(folder, "dist")
  expect(emptyOut(out)).toEqual([])
  const older = ["LICENSES.txt", "SHA256SUMS", "teahouse-0.1.0-linux-x64", "teahouse-0.1.0.cdx.json"]
  for (const name of older) writeFileSync(join(out, name), "")
  writeFileSync(join(out, "diary.txt"), "")
  expect(emptyOut(out)).toEqual(["diary.txt"])
  expect(readdirSync(out).sort()).toEqual([...older, "diary.txt"].sort())
  rmSync(join(out, "diary.txt"))
  expect(emptyOut(out)).toEqual([])
  expect(readdirSync(out)).toEqual([])
})
