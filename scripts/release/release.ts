/** What `npm run release` does once it knows what for: bundle, then an executable for each, then what stands beside them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pageIn } from "../../packages/server/src/http/static.ts"
import { CONTENTS_FILE } from "../../packages/web/build/contents.ts"
import { root } from "../runtime.mjs"
import { signAdHoc } from "./adhoc.ts"
import { buildExecutable, checksums, megabytes } from "./build.ts"
import { bundle } from "./bundle.ts"
import { billOfMaterials, licences } from "./inventory.ts"
import { version } from "./lock.ts"
import { obtainRuntime, type Runtime } from "./runtimes.ts"
import { fileName, type Target } from "./targets.ts"

const page = join(root, "packages", "web", "dist")

/** Resolves to the targets that could not be built, because their Node could not be had. */
export async function release(asked: readonly Target[], out: string): Promise<readonly Target[]> {
  const had: [Target, Runtime][] = []
  const missing: Target[] = []
  for (const target of asked) {
    const runtime = obtainRuntime(target)
    if (!("missing" in runtime)) had.push([target, runtime])
    else {
      missing.push(target)
      console.error(`无法取得 ${target.runtime}，不构建 ${target.name}。`)
      console.error(`${target.runtime} could not be had, so there is no ${target.name}:\n${runtime.missing}`)
    }
  }
  const [first] = had
  if (!first) return missing

  mkdirSync(join(root, ".cache"), { recursive: true })
  const folder = mkdtempSync(join(root, ".cache", "release-"))
  try {
    const program = await bundle("packages/teahouse/src/executable.ts")
    const writer = await bundle("packages/server/src/db/writer.ts")
    const ofPage: string[] = JSON.parse(readFileSync(join(page, CONTENTS_FILE), "utf8"))
    const packages = [...new Set([...program.packages, ...writer.packages, ...ofPage])].sort()
    const built = had.map(([target]) => target)
    const write = (path: string, text: string) => {
      writeFileSync(path, text)
      return path
    }
    const texts = write(join(out, "LICENSES.txt"), licences(packages, first[1].license))
    write(join(out, `teahouse-${version}.cdx.json`), billOfMaterials(version, packages, built))
    write(join(folder, "program.mjs"), program.code)
    const assets = new Map([
      ["LICENSES.txt", texts],
      ["writer.mjs", write(join(folder, "writer.mjs"), writer.code)],
      ...[...pageIn(page)].map(([path]) => [`page${path}`, join(page, path)] as const).sort(),
    ])
    for (const [target, runtime] of had) {
      const output = join(out, fileName(version, target))
      buildExecutable(target, runtime.program, { folder, assets, output })
      if (target.name === "macos-arm64") writeFileSync(output, signAdHoc(readFileSync(output), "teahouse"))
      console.error(`${fileName(version, target)}: ${megabytes(output)}`)
    }
    const names = [...built.map((target) => fileName(version, target)), "LICENSES.txt"]
    const all = [...names, `teahouse-${version}.cdx.json`]
    write(join(out, "SHA256SUMS"), checksums(out, all))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return missing
}
