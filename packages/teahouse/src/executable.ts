/**
 * The program as one file: what it starts with, and the only place that knows of that. Page and writer are inside it
 * (scripts/release.mjs puts them there); everything else is the same program.
 */
import { homedir } from "node:os"
import { getAsset, getAssetKeys, getRawAsset } from "node:sea"
import { main } from "./main.ts"
import { ownFolder } from "./own-folder.ts"
import { keepWindow } from "./window.ts"

/** Views of the executable itself, which is mapped and not read: what nobody asks for takes no memory. */
function* page(): Iterable<readonly [string, Uint8Array]> {
  for (const key of getAssetKeys())
    if (key.startsWith("page/")) yield [key.slice("page".length), Buffer.from(getRawAsset(key))]
}

/** A thread cannot be started from an asset, but from its text. */
const writer = () =>
  new URL(`data:text/javascript;base64,${Buffer.from(getAsset("writer.mjs")).toString("base64")}`)

const args = process.argv.slice(2)
const clicked = args.length === 0
if (args[0] === "licenses") console.log(getAsset("LICENSES.txt", "utf8"))
else {
  const data = ownFolder(process.platform, process.env, homedir())
  await main(args, { assets: { page: page(), writer: writer() }, data, clicked })
  if (clicked) await keepWindow()
}
