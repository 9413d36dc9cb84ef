/**
 * The page on its made-up ClientPort (packages/web/src/dev), under the policy that the house sends. Built once for all tests
 * that look at it; again only where a source has changed.
 */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { build } from "vite"
import { servePreview } from "../packages/web/build/preview.ts"
import { sourcesHash } from "../scripts/build-web.mjs"

const root = resolve(import.meta.dirname, "..")

export type FakePage = Awaited<ReturnType<typeof servePreview>>

/** `development`: with the React that warns, and takes twice the time. */
export async function openFakePage(react: "production" | "development" = "production"): Promise<FakePage> {
  const pages = join(root, ".cache", `fake-page-${react}`)
  const hash = sourcesHash()
  const folder = join(pages, hash)
  if (!existsSync(folder)) {
    for (const name of existsSync(pages) ? readdirSync(pages) : [])
      if (!name.startsWith(hash)) rmSync(join(pages, name), { recursive: true })
    // Another test may be at it as well: whoever is second has built the same.
    const mine = `${folder}.${process.pid}`
    // Vite keeps what is set, and vitest has set "test".
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = react
    await build({
      configFile: join(root, "packages", "web", "vite.config.ts"),
      mode: "fake",
      logLevel: "error",
      build: { outDir: mine, emptyOutDir: true },
    })
    process.env.NODE_ENV = before
    if (existsSync(folder)) rmSync(mine, { recursive: true })
    else renameSync(mine, folder)
  }
  return servePreview(folder)
}
