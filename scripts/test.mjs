// @ts-check
/**
 * `npm test [vitest arguments]`: the page is built where it is old (the journeys use it), every test runs, and what this
 * machine could not run is said last, by name. With TEAHOUSE_REQUIRE_ALL=1 each of these is a failure.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { buildWeb } from "./build-web.mjs"
import { environment, requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const cache = join(root, ".cache")
const missing = join(cache, "missing")
const report = join(cache, "test.json")
rmSync(missing, { recursive: true, force: true })
rmSync(report, { force: true })
mkdirSync(missing, { recursive: true })
buildWeb()

const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
const run = spawnSync(process.execPath, [vitest, "run", ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  env: environment(),
  stdio: "inherit",
})

const absent = readdirSync(missing)
  .map((file) => readFileSync(join(missing, file), "utf8").trim())
  .sort()
if (absent.length > 0) {
  const line = "!".repeat(78)
  console.log(`\n${line}\n未能运行的测试（这台机器上缺少）/ NOT RUN, because this machine lacks:`)
  for (const name of absent) console.log(`  - ${name}`)
  console.log(`${line}\n`)
}
/** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTotalTests: number } | undefined} */
const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined
// A file that cannot even be loaded fails no test of its own; vitest's exit code says so all the same.
const failed = Math.max(counts?.numFailedTests ?? 1, run.status === 0 ? 0 : 1)
const skipped = (counts?.numPendingTests ?? 0) > 0 ? `, ${counts?.numPendingTests} skipped` : ""
const closing = `${counts?.numPassedTests ?? 0} passed, ${failed} failed${skipped}`
// `verify` says it after its own summary, so that it is the last line there too.
if (process.env.TEAHOUSE_CLOSING_FILE) writeFileSync(process.env.TEAHOUSE_CLOSING_FILE, closing)
else console.log(closing)
process.exit(run.status === 0 && failed === 0 ? 0 : 1)
