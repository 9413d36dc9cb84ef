/**
 * `teahouse chat [URL] [--profile P] [--lang zh|en] [--save DIR|off]`: the client for people in a terminal. However it ends, the terminal is
 * as it was before, and what was written is kept.
 */
import { resolve } from "node:path"
import { stopOf } from "../commands/account-here.ts"
import type { Command } from "../commands/command.ts"
import { readFlags } from "../commands/flags.ts"
import { Stop, usage } from "../commands/stop.ts"
import { openProfile } from "../profile/open-profile.ts"
import { EXIT } from "../say/exit.ts"
import { type Tongue, tongueOf } from "../say/language.ts"
import { runApp } from "./app/app.ts"
import { openTerminal } from "./screen/terminal.ts"

const SIGNALS = { SIGTERM: 143, SIGHUP: 129 } as const

export const chat: Command = async ({ args, dataHome }) => {
  const flags = readFlags(args, { profile: "string", lang: "string", save: "string" })
  const tongue = tongueOf(process.env, flags.text("lang"))
  try {
    await run(flags, tongue, dataHome)
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    // In the language that was asked for, whatever the surroundings say.
    const said = error.sentence[tongue]
    throw new Stop(error.exit, { zh: said, en: said })
  }
}

async function run(flags: ReturnType<typeof readFlags>, tongue: Tongue, dataHome: string): Promise<void> {
  const [server, ...more] = flags.rest
  if (more.length > 0)
    throw usage(
      "用法：teahouse chat [地址] [--profile 配置] [--lang zh|en] [--save 目录|off]",
      "Use: teahouse chat [URL] [--profile P] [--lang zh|en] [--save DIR|off]",
    )
  const { stdin, stdout, env } = process
  if (!stdin.isTTY || !stdout.isTTY)
    throw new Stop(EXIT.usage, {
      zh: "teahouse chat 需要在终端中运行；脚本请用 teahouse send 和 teahouse tail。",
      en: "teahouse chat needs a terminal. Scripts use teahouse send and teahouse tail.",
    })
  const name = flags.text("profile") ?? "default"
  const opened = await openProfile({ dataHome, profile: name, server })
  if (!opened.ok) {
    if (opened.error.kind === "no_profile")
      throw new Stop(EXIT.notFound, {
        zh: `还没有配置“${name}”。请给出服务器地址：teahouse chat https://tea.example`,
        en: `There is no profile “${name}” yet. Name the house: teahouse chat https://tea.example`,
      })
    throw stopOf(opened.error, name)
  }
  const profile = opened.value
  const locale =
    tongue === "zh"
      ? "zh-CN"
      : (/^en_[A-Z]{2}/.exec(env.LC_ALL || env.LC_TIME || env.LANG || "")?.[0].replace("_", "-") ?? "en")
  const save = flags.text("save")
  const app = runApp({
    ...{ client: profile.client, profile: name, folder: profile.folder, server: profile.server, tongue, env },
    ...{ damaged: profile.damaged, found: profile.found },
    style: { language: tongue === "zh" ? "zh-CN" : "en", locale },
    save: save === undefined || save === "off" ? save : resolve(save),
    openTerminal: (parts) => openTerminal({ stdin, stdout, ...parts }),
    now: Date.now,
  })
  let signalled: number | undefined
  for (const [signal, code] of Object.entries(SIGNALS))
    process.once(signal, () => {
      signalled = code
      app.quit()
    })
  try {
    await app.over
  } finally {
    await app.close()
    await profile.close()
  }
  if (signalled !== undefined) process.exit(signalled)
}
