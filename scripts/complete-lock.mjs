// @ts-check
/**
 * Run after `npm install` changed the lockfile. npm leaves out the optional packages of other systems where its registry
 * cannot give them, and then `npm ci` refuses the lockfile everywhere. They are named here again, by version and
 * system, without a hash: a system that needs one gets it, the others never ask for it.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./runtime.mjs"

const systems = ["android", "darwin", "freebsd", "linux", "win32"]
const processors = ["arm64", "x64", "arm", "wasm32"]

/** @typedef {{ version?: string, license?: string, dev?: boolean, optionalDependencies?: Record<string, string> }} Locked */

/**
 * @param {Record<string, Locked>} packages of the lockfile, by path
 * @returns {Record<string, object>} what is missing, by path
 */
export function missingOptional(packages) {
  const known = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)))
  /** @type {Record<string, object>} */
  const missing = {}
  for (const { optionalDependencies = {}, dev, license } of Object.values(packages))
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (known.has(name)) continue
      const words = name.split("/").at(-1)?.split("-") ?? []
      const cpu = processors.filter((one) => words.includes(one)).slice(0, 1)
      const os = systems.filter((one) => words.includes(one))
      missing[`node_modules/${name}`] = {
        version,
        ...(cpu.length > 0 ? { cpu } : {}),
        ...(dev ? { dev } : {}),
        ...(words.includes("musl") ? { libc: ["musl"] } : {}),
        ...(license ? { license } : {}),
        optional: true,
        ...(os.length > 0 ? { os } : {}),
      }
    }
  return missing
}

if (process.argv[1] === import.meta.filename) {
  const path = join(root, "package-lock.json")
  const lock = JSON.parse(readFileSync(path, "utf8"))
  const missing = missingOptional(lock.packages)
  const all = Object.entries({ ...lock.packages, ...missing })
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`lockfile: ${Object.keys(missing).length} optional packages of other systems named again`)
}
