/**
 * Two copies of ts-mls side by side: ours, and the one that npm delivers, made by taking the patch back from a copy. The
 * copy lies inside node_modules, where the library finds what it imports.
 */
import { createHash } from "node:crypto"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const root = join(import.meta.dirname, "..", "..")
const patchFile = join(root, "patches", "ts-mls+1.6.4.patch")
const require = createRequire(import.meta.url)

export type Library = {
  readonly mls: typeof import("ts-mls")
  readonly keySchedule: typeof import("ts-mls/keySchedule.js")
  readonly pathSecrets: typeof import("ts-mls/pathSecrets.js")
  readonly parentHash: typeof import("ts-mls/parentHash.js")
}

async function load(folder: string): Promise<Library> {
  const file = (name: string) => pathToFileURL(join(folder, "dist", "src", name)).href
  const [mls, keySchedule, pathSecrets, parentHash] = await Promise.all(
    ["index.js", "keySchedule.js", "pathSecrets.js", "parentHash.js"].map((name) => import(file(name))),
  )
  return { mls, keySchedule, pathSecrets, parentHash }
}

export const patched = (): Promise<Library> => load(join(root, "node_modules", "ts-mls"))

export function original(): Promise<Library> {
  const version = createHash("sha256").update(readFileSync(patchFile)).digest("hex").slice(0, 16)
  const cache = join(root, "node_modules", ".cache")
  const home = join(cache, `teahouse-original-${version}`)
  if (!existsSync(home)) {
    mkdirSync(cache, { recursive: true })
    const making = mkdtempSync(join(cache, "teahouse-making-"))
    cpSync(join(root, "node_modules", "ts-mls"), join(making, "node_modules", "ts-mls"), { recursive: true })
    const { readPatch } = require("patch-package/dist/patch/read.js")
    const { reversePatch } = require("patch-package/dist/patch/reverse.js")
    const { executeEffects } = require("patch-package/dist/patch/apply.js")
    const patch = readPatch({
      patchFilePath: patchFile,
      patchDetails: { path: "node_modules/ts-mls" },
      patchDir: "patches",
    })
    executeEffects(reversePatch(patch), { dryRun: false, bestEffort: false, cwd: making })
    try {
      renameSync(making, home)
    } catch {
      // Somebody else was quicker with the same copy.
      rmSync(making, { recursive: true, force: true })
    }
  }
  return load(join(home, "node_modules", "ts-mls"))
}
