/**
 * `teahouse config check` says whether a house would open with these flags, this environment and this `server.conf`, and
 * what is wrong otherwise; `teahouse config print` says what holds and where it was said, as a `server.conf` that could be
 * used. Secrets are never printed.
 */
import { explainConfiguration } from "@teahouse/server/config.ts"
import type { Program } from "./program.ts"
import { fail, say } from "./say.ts"

export async function config([what, ...args]: readonly string[], program: Program): Promise<void> {
  if (what !== "check" && what !== "print") {
    say({
      zh: "用法：teahouse config check 或 teahouse config print，可加 --config 文件 等参数。",
      en: "Use: teahouse config check, or teahouse config print, with flags like --config FILE.",
    })
    process.exitCode = 2
    return
  }
  const read = explainConfiguration(args, process.env, undefined, program.data)
  if (!read.ok) return fail(read.error)
  const { shown, file } = read.value
  if (what === "check")
    return say(
      file
        ? { zh: `配置正确（${file}）。`, en: `The configuration is right (${file}).` }
        : {
            zh: "配置正确（没有 server.conf，使用默认值）。",
            en: "The configuration is right (no server.conf; defaults hold).",
          },
      console.log,
    )
  let section = ""
  for (const one of shown) {
    if (one.section !== section) console.log(`${section ? "\n" : ""}[${one.section}]`)
    section = one.section
    if (one.from) console.log(`# ${one.from.en}`)
    // What nobody has said stands as a comment: the default may change with the program.
    console.log(`${one.from ? "" : "# "}${one.key} = ${one.value}`)
  }
}
