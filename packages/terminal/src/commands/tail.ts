/**
 * `teahouse tail`: what others say, one line each. First what this profile has not printed yet, oldest first; then as it comes. A line
 * counts as printed when it was written: where the pipe is closed it comes again next time.
 */
import { join } from "node:path"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { putAside } from "../profile/whole.ts"
import { EXIT } from "../say/exit.ts"
import { plain } from "../say/plain.ts"
import { type Here, PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { openPrinted, type Printed } from "./printed.ts"
import { Stop, usage } from "./stop.ts"

const PAGE = 200

type Line = {
  readonly room: Id
  readonly chat: string
  readonly item: MessageItem
  readonly position: number
}

export const tail: Command = async ({ args, dataHome, output, write }) => {
  const flags = readFlags(args, { profile: "string", json: "boolean", count: "string", timeout: "string" })
  if (flags.rest.length > 0)
    throw usage(
      "用法：teahouse tail --profile 配置 --json [--count 条数] [--timeout 秒]",
      "Use: teahouse tail --profile P --json [--count N] [--timeout S]",
    )
  const count = flags.count("count") ?? Number.POSITIVE_INFINITY
  const timeout = flags.text("timeout") === undefined ? undefined : flags.seconds("timeout", 0)
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeout * 1_000
  const json = flags.on("json")
  const patienceMs = Math.min(until - Date.now(), PATIENCE_S * 1_000)
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here, profile) => {
    await here.signedIn()
    // Offline too: what is here and was not printed is printed.
    await here.until("connection", undefined, ({ state }) => state === "connected")
    await here.caughtUp()
    const printed = openPrinted(join(profile.folder, "printed.db"), (file) => {
      const aside = putAside(file, join(profile.folder, "damaged"))
      output.say({
        zh: `已输出消息的记录已损坏，已移到 ${aside}：输出过的消息会再次输出。`,
        en: `The record of what was printed is damaged and was moved to ${aside}: what was printed is printed again.`,
      })
    })
    const reader = await openReader(here, printed)
    let left = count
    try {
      while (left > 0) {
        for (const line of (await reader.news()).slice(0, left)) {
          if (json) await output.line(recordOf(line))
          else await write(`${textOf(line)}\n`)
          printed.add(line.room, line.position)
          left -= 1
        }
        if (left > 0 && !(await reader.changed(until - Date.now()))) break
      }
    } finally {
      reader.close()
      printed.close()
    }
    if (left > 0 && count !== Number.POSITIVE_INFINITY)
      throw new Stop(EXIT.waiting, {
        zh: `时间到了，还差 ${left} 条消息。`,
        en: `Time is up, and ${left} ${left === 1 ? "message has" : "messages have"} not come.`,
      })
  })
}

/** Reads each chat from its beginning once, and from then on what is new in those that changed. */
async function openReader({ client, must }: Here, printed: Printed) {
  const { pass } = await must("beginExport", {})
  /** Of each chat: up to which position it was read. */
  const read = new Map<Id, number>()
  /** When each chat in the list had something last. */
  let latest: ReadonlyMap<Id, string> = new Map()
  let [version, seen] = [0, 0]
  let wake = () => {}
  const stop = client.subscribe("roomList", undefined, ({ rooms }) => {
    latest = new Map(rooms.map(({ room, at, unread, last }) => [room, `${at} ${unread} ${last?.text}`]))
    version += 1
    wake()
  })
  const looked = new Map<Id, string>()
  return {
    async news(): Promise<Line[]> {
      seen = version
      const { chats } = await must("exportChats", { pass })
      const lines: Line[] = []
      for (const { room, title, kind } of chats) {
        const now = latest.get(room)
        if (now !== undefined && looked.get(room) === now) continue
        for (let after: number | undefined = read.get(room) ?? 0; after !== undefined; ) {
          const page: { items: readonly { type: string; seq?: number }[]; next?: number } = await must(
            "exportPage",
            { pass, room, after, limit: PAGE },
          )
          for (const item of page.items as readonly MessageItem[]) {
            const { seq } = item
            if (seq === undefined) continue
            read.set(room, Math.max(read.get(room) ?? 0, seq))
            if (item.type !== "message" || item.mine || printed.has(room, seq)) continue
            lines.push({ room, chat: kind === "self" ? "self" : title, item, position: seq })
          }
          after = page.next
        }
        if (now !== undefined) looked.set(room, now)
      }
      return lines.sort((a, b) => a.item.at - b.item.at || a.position - b.position)
    },
    /** False where nothing changes for so long. */
    async changed(ms: number): Promise<boolean> {
      if (version !== seen) return true
      if (ms <= 0) return false
      return new Promise((done) => {
        const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => done(false), ms)
        wake = () => {
          clearTimeout(timer)
          wake = () => {}
          done(true)
        }
      })
    },
    close: stop,
  }
}

function recordOf({ room, chat, item, position }: Line) {
  const { body, from, at, key, text, reply } = item
  const head = { chat, from: from.username, at: new Date(at).toISOString(), kind: body.kind }
  const tailOf = { position, id: key, room, ...(reply ? { reply: reply.seq } : {}) }
  if (body.kind !== "file") return { ...head, text, ...tailOf }
  const { name, type, size, caption } = body.file
  return { ...head, file: { name, type, size }, ...(caption ? { text: caption } : {}), ...tailOf }
}

const textOf = ({ chat, item }: Line) =>
  `${new Date(item.at).toISOString()} ${plain(chat)} ${plain(item.from.name)}: ${plain(item.text)}`
