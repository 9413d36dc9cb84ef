/** One executable: Node with the program, the writer and the page inside. */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { formatOf, withoutSignature } from "./format.ts"
import type { Target } from "./targets.ts"

/** Name inside the executable → file. */
export type Assets = ReadonlyMap<string, string>

/**
 * `folder` has `program.mjs` and is what the names in the configuration start from: Node writes the name of the main module into
 * the executable, and a path of this machine has no place there.
 */
export function buildExecutable(
  target: Target,
  node: string,
  { folder, assets, output }: { readonly folder: string; readonly assets: Assets; readonly output: string },
): void {
  const bare = target.system === "win32" ? withoutSignature(readFileSync(node)) : undefined
  const executable = bare ? join(folder, "node.exe") : node
  if (bare) writeFileSync(executable, bare)
  const configuration = {
    ...{ main: "program.mjs", mainFormat: "module", disableExperimentalSEAWarning: true },
    ...{ executable, output: relative(folder, output) },
    assets: Object.fromEntries(assets),
  }
  writeFileSync(join(folder, "executable.json"), JSON.stringify(configuration, null, 2))
  rmSync(output, { force: true })
  const run = spawnSync(process.execPath, ["--build-sea", "executable.json"], {
    cwd: folder,
    encoding: "utf8",
  })
  if (run.status !== 0) throw new Error(`node --build-sea failed for ${target.name}:\n${run.stderr}`)
  if (bare) rmSync(executable)
  const found = formatOf(head(output))
  if (found?.system !== target.system || found.processor !== target.processor)
    throw new Error(`what was built for ${target.name} is something else: ${JSON.stringify(found)}`)
}

/** As many bytes as a header may be long. */
function head(file: string): Buffer {
  const bytes = Buffer.alloc(4096)
  const open = openSync(file, "r")
  try {
    return bytes.subarray(0, readSync(open, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(open)
  }
}

/** Lines that `sha256sum -c` reads. */
export const checksums = (folder: string, names: readonly string[]): string =>
  [...names]
    .sort()
    .map(
      (name) =>
        `${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}  ${name}\n`,
    )
    .join("")

export const megabytes = (file: string): string => `${(statSync(file).size / 1e6).toFixed(1)} MB`
