import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test, vi } from "vitest"
import { need } from "./need.ts"

const notes = mkdtempSync(join(tmpdir(), "teahouse-need-"))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(notes, { recursive: true, force: true })
})
const written = () => readdirSync(notes).map((file) => readFileSync(join(notes, file), "utf8"))

test("what is missing is written down once, by name", () => {
  vi.stubEnv("TEAHOUSE_REQUIRE_ALL", "")
  expect(need("a samovar", false, notes)).toBe(false)
  expect(need("a samovar", false, notes)).toBe(false)
  expect(need("a kettle", true, notes)).toBe(true)
  expect(written()).toEqual(["a samovar\n"])
})

test("where everything is required, missing is a failure", () => {
  vi.stubEnv("TEAHOUSE_REQUIRE_ALL", "1")
  expect(() => need("a samovar", false, notes)).toThrow("a samovar")
  expect(need("a kettle", true, notes)).toBe(true)
})
