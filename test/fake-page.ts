/**
 * The page on its made-up ClientPort (packages/web/src/dev), under the policy that the house sends. Built once for all tests
 * that look at it; again only where a source has changed.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { build } from "vite"
import { servePreview } from "../packages/web/build/preview.ts"
import { sourcesHash } from "../scripts/build-web.mjs"

const root = resolve(import.meta.dirname, "..")

export type FakePage = Awaited<ReturnType<typeof servePreview>>

/** `development`: with the React that warns, and takes twice the time. */
export async function openFakePage(react: "production" | "development" = "production"): Promise<FakePage> {
  const folder = join(root, ".cache", `fake-page-${react}`)
  const stamp = join(folder, ".sources")
  const hash = sourcesHash()
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
    // Vite keeps what is set, and vitest has set "test".
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = react
    await build({
      configFile: join(root, "packages", "web", "vite.config.ts"),
      mode: "fake",
      logLevel: "error",
      build: { outDir: folder, emptyOutDir: true },
    })
    process.env.NODE_ENV = before
    writeFileSync(stamp, hash)
  }
  return servePreview(folder)
}
