// @ts-check
/**
 * Which Node runs us. npm puts the packaged Node 26 first on the path of its scripts; where none fits this machine
 * (an unusual processor, `--omit=optional`), the installed one must run TypeScript by itself. Plain JavaScript that
 * Node 20 can read, because saying the sentence below is the point.
 */
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))
export const OLDEST = 24

/** @param {string} version such as "20.19.0" @returns {string | undefined} */
export function complaint(version) {
  const major = Number.parseInt(version, 10)
  if (major >= OLDEST) return undefined
  return [
    `茶馆需要 Node ${OLDEST} 或更新的版本，现在运行的是 ${version}：请先执行 npm ci（不要省略可选依赖），或安装较新的 Node。`,
    `Teahouse needs Node ${OLDEST} or newer, and this is ${version}: run npm ci (with its optional dependencies), or install a newer Node.`,
  ].join("\n")
}

/** Ends the process with one sentence in both languages where the runtime does not fit. */
export function requireRuntime() {
  const sentence = complaint(process.versions.node)
  if (sentence !== undefined) {
    console.error(sentence)
    process.exit(1)
  }
  const patched = join(root, "node_modules", "ts-mls")
  if (!existsSync(patched)) {
    console.error("缺少依赖：请先执行 npm ci。\nThe dependencies are missing: run npm ci first.")
    process.exit(1)
  }
}

/** The environment for a child process: this repository's programs first, so that a child runs the same Node. */
export const environment = () => ({
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
})
