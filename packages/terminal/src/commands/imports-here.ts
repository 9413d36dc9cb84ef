/** `teahouse import list|drop`: what was imported, a line each, and taking one of them away, on all of one's devices. */
import { EXIT } from "../say/exit.ts"
import { PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { Stop, usage } from "./stop.ts"

export const importsHere: Command = async ({ args, dataHome, output }) => {
  const [what, ...rest] = args
  const flags = readFlags(rest, { profile: "string", timeout: "string" })
  const [id, ...more] = flags.rest
  if (more.length > 0 || (what === "drop") !== (id !== undefined))
    throw usage(
      "用法：teahouse import list --profile 配置；teahouse import drop --profile 配置 编号",
      "Use: teahouse import list --profile P; teahouse import drop --profile P ID",
    )
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here) => {
    await here.signedIn()
    await here.connected()
    await here.caughtUp()
    const { imports } = await here.must("ownImports", {})
    const rooms = (await here.until("roomList", undefined, () => true))?.rooms ?? []
    const records = imports.map((one) => ({ one, id: Buffer.from(one.digest).toString("hex") }))
    if (what === "list") {
      const time = (ms: number) => new Date(ms).toISOString()
      for (const { one, id } of records) {
        const chat = rooms.find(({ room }) => room === one.room)
        await output.line({
          ...{ import: id, chat: chat?.kind === "self" ? "self" : (chat?.title ?? ""), room: one.room },
          ...{ source: one.source, title: one.title, messages: one.lines },
          ...{ first: time(one.first), last: time(one.last), at: time(one.at) },
        })
      }
      return
    }
    // The same export may have been brought into two chats.
    const named = records.filter((each) => each.id === id)
    if (named.length === 0)
      throw new Stop(EXIT.notFound, {
        zh: `没有编号为“${id}”的导入。teahouse import list 列出全部。`,
        en: `There is no import “${id}”. teahouse import list names them.`,
      })
    for (const { one } of named) await here.must("dropImport", { room: one.room, import: one.digest })
    await here.keepSafe(patienceMs)
    const messages = named.reduce((sum, { one }) => sum + one.lines, 0)
    await output.line({ import: id, dropped: true, messages })
  })
}
