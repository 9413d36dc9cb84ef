/**
 * What a test needs from the machine, other than Node and npm. A missing thing is written down by name, and `npm test`
 * says all of them last; with TEAHOUSE_REQUIRE_ALL=1 it is a failure instead. Use it at the top of the test file:
 *
 *   const chromium = need("Chromium", chromiumPath() !== undefined)
 *   describe.runIf(chromium)("…", () => …)
 */
import { createHash } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const folder = join(import.meta.dirname, "..", ".cache", "missing")

export function need(name: string, present: boolean, notes: string = folder): boolean {
  if (present) return true
  if (process.env.TEAHOUSE_REQUIRE_ALL === "1")
    throw new Error(`TEAHOUSE_REQUIRE_ALL=1, and this machine lacks: ${name}`)
  mkdirSync(notes, { recursive: true })
  writeFileSync(join(notes, createHash("sha256").update(name).digest("hex").slice(0, 16)), `${name}\n`)
  return false
}
