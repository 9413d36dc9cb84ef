/** What a browser downloads, gzipped, as the build counts it and bounds it (packages/web/build/budgets.ts). */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import type { Print } from "./measure.ts"

const root = join(import.meta.dirname, "..")

export async function bundle(print: Print): Promise<void> {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build-web.mjs"), "--force"], {
    cwd: root,
    encoding: "utf8",
  })
  const lines = [...`${built.stdout}${built.stderr}`.matchAll(/^ {2}(.+?) +([\d.]+) kB gz of ([\d.]+)$/gm)]
  if (lines.length === 0) throw new Error("the build said no sizes")
  for (const [, name = "", kb] of lines)
    print({ bench: "bundle", case: name.trim().replace(/\W+/g, "-"), server: "teahouse", kb: Number(kb) })
}
