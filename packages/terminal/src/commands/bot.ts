/** `teahouse bot token|list|remove`: the bots that the profile's account owns. */
import { EXIT } from "../say/exit.ts"
import { PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { Stop, usage } from "./stop.ts"

export const bot: Command = async ({ args, dataHome, output }) => {
  const [what, ...rest] = args
  const flags = readFlags(rest, { profile: "string", timeout: "string" })
  const [name, ...more] = flags.rest
  const known = what === "token" || what === "list" || what === "remove"
  if (!known || more.length > 0 || (what === "remove") !== (name !== undefined))
    throw usage(
      "用法：teahouse bot token|list --profile 配置；teahouse bot remove --profile 配置 名字",
      "Use: teahouse bot token|list --profile P; teahouse bot remove --profile P NAME",
    )
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here) => {
    await here.signedIn()
    await here.connected()
    if (what === "token") {
      const { token, expires } = await here.must("makeBotToken", {})
      return output.line({ token, expires: new Date(expires).toISOString() })
    }
    const { bots } = await here.must("ownBots", {})
    if (what === "list") {
      for (const { username, since } of bots)
        await output.line({ bot: username, since: new Date(since).toISOString() })
      return
    }
    const one = bots.find(({ username }) => username.toLowerCase() === name?.toLowerCase())
    if (!one)
      throw new Stop(EXIT.notFound, {
        zh: `没有叫“${name}”的机器人。`,
        en: `You have no bot called “${name}”.`,
      })
    await here.must("removeBot", { user: one.user })
    await output.line({ bot: one.username, removed: true })
  })
}
