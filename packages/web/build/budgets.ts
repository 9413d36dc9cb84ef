/**
 * UX 40: what a person downloads, gzipped, by part; the build fails past a limit. A part is the set of chunks that a
 * static import reaches: the sign-in page is the entry alone, the first load is entry + the signed-in shell, every other
 * dynamic import is a lazy part, counted without what is loaded already. The worker has limits of its own.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import type { Plugin, Rolldown } from "vite"

const KB = 1000
const limits = {
  signIn: 150 * KB,
  firstLoad: 220 * KB,
  lazy: 60 * KB,
  data: 200 * KB,
  worker: 160 * KB,
  opaque: 165 * KB,
}
/** Data that is loaded by whoever picks an emoji or searches in pinyin; UX 40 leaves it out. */
const DATA = /virtual:emoji|\/pinyin-pro\//
/** The chunk that a signed-in person always loads. */
const SHELL = /layout\/shell\.tsx$/

export const budgets = (): Plugin => {
  let directory = ""
  const lines: string[] = []
  const faults: string[] = []
  const say = (name: string, bytes: number, limit: number) => {
    const line = `${name.padEnd(28)} ${(bytes / KB).toFixed(1).padStart(7)} kB gz of ${limit / KB}`
    lines.push(line)
    if (bytes > limit) faults.push(line)
  }
  return {
    name: "teahouse:budgets",
    apply: "build",
    configResolved(config) {
      directory = join(config.root, config.build.outDir)
    },
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(
        (part): part is Rolldown.OutputChunk => part.type === "chunk",
      )
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
      const size = (names: Iterable<string>) =>
        [...names].reduce((sum, name) => sum + gzipSync(byName.get(name)?.code ?? "").length, 0)
      const reach = (name: string, seen = new Set<string>()): Set<string> => {
        const chunk = byName.get(name)
        if (!chunk || seen.has(name)) return seen
        seen.add(name)
        for (const next of chunk.imports) reach(next, seen)
        return seen
      }
      const made = chunks.flatMap((chunk) => chunk.moduleIds).find((id) => id.includes("/src/dev/"))
      if (made) return this.error(`${made} is for looking at screens and must not be shipped.`)
      const entry = chunks.find((chunk) => chunk.isEntry)
      const shell = chunks.find((chunk) => SHELL.test(chunk.facadeModuleId ?? ""))
      if (!entry || !shell) return this.error("The budget does not find the entry or the shell.")
      const first = new Set([...reach(entry.fileName), ...reach(shell.fileName)])
      say("sign-in", size(reach(entry.fileName)), limits.signIn)
      say("first load", size(first), limits.firstLoad)
      for (const chunk of chunks) {
        if (!chunk.isDynamicEntry || first.has(chunk.fileName)) continue
        const data = chunk.moduleIds.some((id) => DATA.test(id))
        say(
          `lazy ${chunk.name}`,
          size([...reach(chunk.fileName)].filter((name) => !first.has(name))),
          data ? limits.data : limits.lazy,
        )
      }
    },
    closeBundle() {
      // The worker is bundled apart, so its files are weighed where they lie.
      const assets = join(directory, "assets")
      const weigh = (name: string) => gzipSync(readFileSync(join(assets, name))).length
      const names = readdirSync(assets).filter((name) => name.endsWith(".js"))
      const start = names.find((name) => name.startsWith("account-worker"))
      if (!start) return this.error("The budget does not find the worker.")
      const seen = new Set<string>()
      const visit = (name: string) => {
        if (seen.has(name)) return
        seen.add(name)
        const code = readFileSync(join(assets, name), "utf8")
        for (const other of names)
          if (
            new RegExp(`(?:from|import)\\s*["'](?:\\./|/assets/)${other.replaceAll(".", "\\.")}["']`).test(
              code,
            )
          )
            visit(other)
      }
      visit(start)
      say(
        "worker core",
        [...seen].reduce((sum, name) => sum + weigh(name), 0),
        limits.worker,
      )
      const opaque = names.find((name) => name.startsWith("opaque"))
      if (!opaque || seen.has(opaque)) return this.error("OPAQUE is not a lazy part of the worker.")
      say("worker OPAQUE (lazy)", weigh(opaque), limits.opaque)
      this.info(`budgets\n  ${lines.join("\n  ")}`)
      if (faults.length > 0) this.error(`Over budget:\n  ${faults.join("\n  ")}`)
    },
  }
}
