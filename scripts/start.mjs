// @ts-check
/**
 * `npm start`: the runtime, the page, then the server in this same process. Flags are passed on.
 *
 * npm runs a script through a shell, and gives a signal that it gets to the shell alone: the shell dies, the house would
 * go on as an orphan that holds its port and data. So it looks whether its parent is still there, and else takes
 * it for the signal that it was. (`exec node …` in package.json would do, but not on Windows.)
 */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const { buildWeb } = await import("./build-web.mjs")
buildWeb()
// Compiled code is kept: the second start is about a quarter quicker.
const { enableCompileCache } = await import("node:module")
enableCompileCache(join(root, ".cache", "compiled"))
const program = join(root, "packages", "teahouse", "bin", "teahouse.mjs")
if (process.env.npm_lifecycle_event === "start") {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM")
  }, 250).unref()
}
process.argv.splice(1, 1, program, "serve")
await import(pathToFileURL(program).href)
