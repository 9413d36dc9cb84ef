// `node --import` of this file runs the version to come (changes.mjs): this one's source, with the changes put in while it is loaded.
import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"
import { changes } from "./changes.mjs"

const packages = new URL("../../packages/", import.meta.url)
const next = new Map(
  Object.entries(changes).map(([name, texts]) => {
    const url = new URL(name, packages)
    let source = readFileSync(url, "utf8")
    for (const [from, to] of texts) {
      if (!source.includes(from)) throw new Error(`${name} has no ${JSON.stringify(from)} any more`)
      source = source.replace(from, () => to)
    }
    return [pathToFileURL(url.pathname).href, source]
  }),
)

registerHooks({
  load(url, context, load) {
    const loaded = load(url, context)
    const source = next.get(url)
    return source === undefined ? loaded : { ...loaded, source }
  },
})
