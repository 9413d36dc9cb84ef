// Given to a program by `--import`: writes the address of every module that any of its threads loads into the file LOADED names.
import { appendFileSync } from "node:fs"
import { registerHooks } from "node:module"

registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED, `${url}\n`)
    return next(url, context)
  },
})
