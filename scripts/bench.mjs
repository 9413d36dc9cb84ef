// @ts-check
/** `npm run bench -- NAME --json [--quick]`: one of bench/, under the same runtime as the server. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { environment, requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const run = spawnSync(process.execPath, [join(root, "bench", "main.ts"), ...process.argv.slice(2)], {
  cwd: root,
  env: environment(),
  stdio: "inherit",
})
process.exit(run.status ?? 1)
