/** `teahouse friend add|accept|list|remove`: one JSON line for each friend and request. */
import { EXIT } from "../say/exit.ts"
import { PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { Stop, usage } from "./stop.ts"

export const friend: Command = async ({ args, dataHome, output }) => {
  const [what, ...rest] = args
  const flags = readFlags(rest, { profile: "string", line: "string", timeout: "string" })
  const [name, ...more] = flags.rest
  const known = what === "add" || what === "accept" || what === "remove"
  if ((!known && what !== "list") || more.length > 0 || known !== (name !== undefined))
    throw usage(
      "用法：teahouse friend add|accept|remove --profile 配置 名字；teahouse friend list --profile 配置",
      "Use: teahouse friend add|accept|remove --profile P NAME; teahouse friend list --profile P",
    )
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here) => {
    const { until, must, signedIn, connected, caughtUp } = here
    await signedIn()
    await connected()
    if (name === undefined) {
      await caughtUp()
      const contacts = await until("contacts", undefined, () => true)
      for (const { username, name: shown, room, bot } of contacts?.friends ?? [])
        await output.line({ state: "friend", friend: username, name: shown, chat: room, ...(bot && { bot }) })
      for (const { from, line, at } of contacts?.incoming ?? [])
        await output.line({ state: "incoming", friend: from.username, line, at: new Date(at).toISOString() })
      for (const { to, at } of contacts?.outgoing ?? [])
        await output.line({ state: "outgoing", friend: to.username, at: new Date(at).toISOString() })
      return
    }
    if (what === "add") {
      const { accepted } = await must("requestFriend", { username: name, line: flags.text("line") ?? "" })
      return output.line({ friend: name, accepted })
    }
    const isHim = (username: string) => username.toLowerCase() === name.toLowerCase()
    if (what === "accept") {
      const asked = await until("contacts", undefined, ({ incoming, friends }) =>
        [...incoming.map(({ from }) => from), ...friends].some(({ username }) => isHim(username)),
      )
      const request = asked?.incoming.find(({ from }) => isHim(from.username))
      const friends = asked?.friends.find(({ username }) => isHim(username))
      if (!request && !friends)
        throw new Stop(EXIT.notFound, {
          zh: `没有来自“${name}”的好友申请。`,
          en: `There is no request from “${name}”.`,
        })
      const room = request ? (await must("acceptRequest", { id: request.id })).room : friends?.room
      return output.line({ friend: name, accepted: true, chat: room })
    }
    await caughtUp()
    const contacts = await until("contacts", undefined, () => true)
    const one = contacts?.friends.find(({ username }) => isHim(username))
    if (!one)
      throw new Stop(EXIT.notFound, { zh: `“${name}”不是你的好友。`, en: `“${name}” is no friend of yours.` })
    await must("removeFriend", { user: one.user })
    await output.line({ friend: name, removed: true })
  })
}
