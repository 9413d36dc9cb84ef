/**
 * Writes into `.contents` beside the page which packages are in it: those whose code is in one of its chunks or workers, and
 * those whose data went in when it was built. The release's list of what is inside is made from this.
 */
import { writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, relative, sep } from "node:path"
import type { Plugin, Rolldown } from "vite"

export const CONTENTS_FILE = ".contents"
/** The emoji's names, and the styles that every page starts from. */
const DATA = ["emojibase-data", "tailwindcss"]
const workspace = join(import.meta.dirname, "..", "..", "..")

/** Where the package of a module lies, below the workspace: `node_modules/react`. undefined: our own code. */
export const packageFolder = (module: string): string | undefined =>
  /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
    .exec(`/${relative(workspace, module.replace(/^\0/, "")).split(sep).join("/")}`)?.[0]
    ?.slice(1)

export function contents(): { readonly page: () => Plugin; readonly worker: () => Plugin } {
  const require = createRequire(import.meta.url)
  const found = new Set(DATA.map((name) => packageFolder(require.resolve(`${name}/package.json`))))
  const collect = (bundle: Rolldown.OutputBundle) => {
    for (const part of Object.values(bundle))
      if (part.type === "chunk") for (const module of part.moduleIds) found.add(packageFolder(module))
  }
  const plugin = (name: string): Plugin => ({
    name,
    apply: "build",
    generateBundle: (_options, bundle) => collect(bundle),
  })
  let directory = ""
  return {
    worker: () => plugin("teahouse:contents-of-worker"),
    page: () => ({
      ...plugin("teahouse:contents"),
      configResolved(config) {
        directory = join(config.root, config.build.outDir)
      },
      closeBundle() {
        const folders = [...found].filter((folder) => folder !== undefined).sort()
        writeFileSync(join(directory, CONTENTS_FILE), `${JSON.stringify(folders, null, 2)}\n`)
      },
    }),
  }
}
