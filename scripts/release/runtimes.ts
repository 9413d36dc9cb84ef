/**
 * The Node that goes into an executable: the package that npm has installed for this system, or, for another one, the same
 * version of its package, fetched once into `.cache`. Its bytes are those that package-lock.json names; npm compares them.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { environment, root } from "../runtime.mjs"
import { locked } from "./lock.ts"
import type { Target } from "./targets.ts"

export type Runtime = { readonly program: string; readonly license: string }
/** What npm said. */
export type Missing = { readonly missing: string }

export function obtainRuntime(
  { runtime, program }: Target,
  cache = join(root, ".cache", "runtimes"),
  env: NodeJS.ProcessEnv = environment(),
): Runtime | Missing {
  const wanted = locked(`node_modules/${runtime}`)
  if (!wanted?.integrity) return { missing: `package-lock.json does not name ${runtime} with its hash` }
  const here = (folder: string): Runtime | undefined => {
    const home = join(folder, "node_modules", runtime)
    if (!existsSync(join(home, program))) return undefined
    const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"))
    if (version !== wanted.version) return undefined
    return { program: join(home, program), license: join(home, "LICENSE") }
  }
  const folder = join(cache, runtime)
  const found = here(root) ?? here(folder)
  if (found) return found
  console.error(`正在取得 ${runtime}…… Fetching ${runtime} ${wanted.version} …`)
  mkdirSync(folder, { recursive: true })
  // Without `os` and `cpu`: npm would refuse a package that is not for this machine.
  const dependencies = { [runtime]: wanted.version }
  const packages = {
    "": { dependencies },
    [`node_modules/${runtime}`]: { version: wanted.version, integrity: wanted.integrity },
  }
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content))
  write("package.json", { private: true, dependencies })
  write("package-lock.json", { lockfileVersion: 3, requires: true, packages })
  const run = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    ...{ cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    shell: process.platform === "win32",
  })
  return here(folder) ?? { missing: reason(run.error?.message ?? run.stderr) }
}

/** npm's first lines; after them come its own stack and where its log is. */
const reason = (said: string): string => said.trim().split("\n").slice(0, 4).join("\n")
