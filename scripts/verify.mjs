// @ts-check
/** `npm run verify`: everything that CI asks. Every step runs, so that one run says everything that is wrong. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { environment, requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const { buildWeb } = await import("./build-web.mjs")
// Before the types: a build writes the message catalogue that the page imports.
buildWeb()

const bin = (/** @type {string[]} */ ...parts) => join(root, "node_modules", ...parts)
const projects = readdirSync(join(root, "packages"))
  .map((name) => join("packages", name))
  .filter((path) => existsSync(join(root, path, "tsconfig.json")))

/** @type {[string, string[]][]} */
const steps = [
  [
    "format, lint",
    [bin("@biomejs", "biome", "bin", "biome"), "ci", "--error-on-warnings", "--colors=off", "."],
  ],
  ...[...projects, "."].map(
    (path) =>
      /** @type {[string, string[]]} */ ([
        `types ${path}`,
        [bin("typescript", "bin", "tsc"), "--noEmit", "-p", path],
      ]),
  ),
  ["imports, cycles", [join("scripts", "imports.ts")]],
  ["docs", [join("scripts", "docs.ts")]],
  ["tests", [join("scripts", "test.mjs")]],
]

const closing = join(root, ".cache", "closing")
mkdirSync(join(root, ".cache"), { recursive: true })
rmSync(closing, { force: true })
const env = { ...environment(), TEAHOUSE_CLOSING_FILE: closing }
/** @type {string[]} */
const failed = []
for (const [name, command] of steps) {
  console.log(`\n── ${name}`)
  const run = spawnSync(process.execPath, command, { cwd: root, env, stdio: "inherit" })
  if (run.status !== 0) failed.push(name)
}
console.log(failed.length === 0 ? "\nverify: everything holds" : `\nverify: FAILED: ${failed.join("; ")}`)
console.log(existsSync(closing) ? readFileSync(closing, "utf8") : "0 passed, 1 failed")
process.exit(failed.length === 0 ? 0 : 1)
