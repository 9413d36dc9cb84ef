/** `teahouse group create`: a group with friends. */
import { EXIT } from "../say/exit.ts"
import { PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { Stop, usage } from "./stop.ts"

export const group: Command = async ({ args, dataHome, output }) => {
  const [what, ...rest] = args
  const flags = readFlags(rest, { profile: "string", name: "string", with: "string", timeout: "string" })
  if (what !== "create" || flags.rest.length > 0)
    throw usage(
      "用法：teahouse group create --profile 配置 --name 名称 --with 好友,好友",
      "Use: teahouse group create --profile P --name N --with A,B",
    )
  const name = flags.need("name")
  const wanted = (flags.text("with") ?? "").split(/[,，]/).map((one) => one.trim())
  const names = [...new Set(wanted.filter((one) => one !== ""))]
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here) => {
    const { until, must, signedIn, connected, caughtUp, keepSafe } = here
    await signedIn()
    await connected()
    await caughtUp()
    const { friends } = (await until("contacts", undefined, () => true)) ?? { friends: [] }
    const members = names.map((each) => {
      const one = friends.find(({ username }) => username.toLowerCase() === each.toLowerCase())
      if (one) return one.user
      throw new Stop(EXIT.notFound, { zh: `“${each}”不是你的好友。`, en: `“${each}” is no friend of yours.` })
    })
    const { room } = await must("createGroup", { name, members })
    await until("room", { room }, (value) => value.state === "here" && value.writable)
    await keepSafe()
    await output.line({ group: name, chat: room, members: names })
  })
}
