// @ts-check
/** `npm run sim -- --seeds N`: the simulation in test/sim, under the same runtime as the server. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { environment, requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const run = spawnSync(process.execPath, [join(root, "test", "sim", "main.ts"), ...process.argv.slice(2)], {
  cwd: root,
  env: environment(),
  stdio: "inherit",
})
process.exit(run.status ?? 1)
