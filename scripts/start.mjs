// @ts-check
/** `npm start`: the runtime, the page, then the server in this same process, so that signals reach it. Flags are passed on. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const { buildWeb } = await import("./build-web.mjs")
buildWeb()
const program = join(root, "packages", "teahouse", "bin", "teahouse.mjs")
process.argv.splice(1, 1, program, "serve")
await import(pathToFileURL(program).href)
