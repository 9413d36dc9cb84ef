// @ts-check
/**
 * Builds the web application where it is missing or older than its sources. Older is decided by a hash over the bytes of
 * everything that goes into it, because a fresh clone gives every file the same time. Reading it all takes
 * milliseconds, so a built tree starts at once.
 */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { environment, requireRuntime, root } from "./runtime.mjs"

const dist = join(root, "packages", "web", "dist")
const stamp = join(dist, ".sources")
const inputs = [
  "packages/web",
  "packages/client",
  "packages/judge",
  "packages/protocol",
  "package-lock.json",
  "patches",
]
/** Not sources: dependencies, results, and what the build itself writes. */
const skipped = new Set(["node_modules", "dist", "paraglide", ".cache", "coverage"])

/** @param {string} path @param {(file: string) => void} visit */
function walk(path, visit) {
  for (const item of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (skipped.has(item.name) || item.name.startsWith(".") || /\.test\.tsx?$/.test(item.name)) continue
    const child = join(path, item.name)
    if (item.isDirectory()) walk(child, visit)
    else if (item.isFile()) visit(child)
  }
}

export function sourcesHash() {
  const hash = createHash("sha256")
  /** @param {string} file */
  const add = (file) => {
    const bytes = readFileSync(file)
    hash.update(`${relative(root, file).split(sep).join("/")}\0${bytes.length}\0`).update(bytes)
  }
  for (const input of inputs.map((name) => join(root, name))) {
    if (input.endsWith(".json")) add(input)
    else if (existsSync(input)) walk(input, add)
  }
  return hash.digest("hex")
}

/**
 * @param {{ force?: boolean }} options
 * @returns {"fresh" | "built" | "absent"} absent: this tree has no web application to build
 */
export function buildWeb({ force = false } = {}) {
  const about = JSON.parse(readFileSync(join(root, "packages", "web", "package.json"), "utf8"))
  if (about.scripts?.build === undefined) return "absent"
  const hash = sourcesHash()
  const current =
    existsSync(stamp) && existsSync(join(dist, "index.html")) && readFileSync(stamp, "utf8") === hash
  if (current && !force) return "fresh"
  console.error("正在构建网页…… Building the web application …")
  const run = spawnSync("npm", ["run", "--silent", "build", "--workspace", "@teahouse/web"], {
    cwd: root,
    // Whatever the shell has set: a page built for development or tests is twice as large.
    env: { ...environment(), NODE_ENV: "production" },
    // The server's own lines are what stands on standard output.
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  })
  if (run.status !== 0) {
    console.error("网页构建失败，原因见上文。\nBuilding the web application failed; the reason stands above.")
    process.exit(1)
  }
  writeFileSync(stamp, hash)
  return "built"
}

if (process.argv[1] === import.meta.filename) {
  requireRuntime()
  console.error(`web: ${buildWeb({ force: process.argv.includes("--force") })}`)
}
