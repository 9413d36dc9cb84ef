/**
 * The program and the writer's thread, each as one ES module: an executable has no files to import from. Packages that are
 * not shipped (optional ones of others, those for tests) are left out for good: a `require` that is left as it is would be
 * looked for at run time beside the executable, in whatever folder somebody has put it.
 */
import { builtinModules } from "node:module"
import { join } from "node:path"
import { type OutputChunk, type Plugin, rolldown } from "rolldown"
import { packageFolder } from "../../packages/web/build/contents.ts"
import { root } from "../runtime.mjs"
import { locked } from "./lock.ts"

/** `packages`: their folders below the repository. */
export type Bundle = { readonly code: string; readonly packages: readonly string[] }

const isBuiltin = (id: string) => id.startsWith("node:") || builtinModules.includes(id)
const ABSENT = "\0absent:"

const leaveOut: Plugin = {
  name: "teahouse:leave-out",
  async resolveId(id, importer, options) {
    if (isBuiltin(id)) return undefined
    const found = await this.resolve(id, importer, { ...options, skipSelf: true })
    const folder = found && packageFolder(found.id)
    const shipped = folder && locked(folder)
    const left = !found || found.external || (folder && (!shipped || shipped.dev || shipped.devOptional))
    return left ? ABSENT + id : found
  },
  load(id) {
    if (!id.startsWith(ABSENT)) return undefined
    const message = JSON.stringify(`${id.slice(ABSENT.length)} is not part of this program`)
    return `throw Object.assign(new Error(${message}), { code: "MODULE_NOT_FOUND" })`
  },
}

export async function bundle(entry: string): Promise<Bundle> {
  const build = await rolldown({
    cwd: root,
    input: join(root, entry),
    platform: "node",
    plugins: [leaveOut],
    onLog(_level, log) {
      throw new Error(`${entry}: ${log.message}`)
    },
  })
  const { output } = await build.generate({ format: "esm", codeSplitting: false, comments: false })
  await build.close()
  const [chunk, ...more] = output
  const foreign = [...chunk.imports, ...chunk.dynamicImports].filter((id) => !isOwn(id, chunk))
  if (more.length > 0 || foreign.length > 0)
    throw new Error(
      `${entry} is not one module: ${[...more.map((one) => one.fileName), ...foreign].join(", ")}`,
    )
  const packages = chunk.moduleIds.map(packageFolder).filter((name) => name !== undefined)
  return { code: chunk.code, packages: [...new Set(packages)].sort() }
}

/** What is imported later and has gone into the same module is said to be imported from itself. */
const isOwn = (id: string, chunk: OutputChunk) => isBuiltin(id) || id === chunk.fileName
