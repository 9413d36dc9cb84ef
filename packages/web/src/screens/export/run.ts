/**
 * An export from beginning to end: what there is of the person (self.ts), then chat after chat, first the files, then the page, then the data, so that both of these
 * know what became of each file. A chat is read three times for that and never held; what comes meanwhile is left to the next
 * export. A file that cannot be had is named with its reason, in the chat's page, in its data and in the outcome.
 */
import type { CommandResult } from "@teahouse/client/view/port/basic.ts"
import type { ChatToExport } from "@teahouse/client/view/port/export.ts"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { CommandValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Text } from "../../text/en.ts"
import { titleOf } from "../chats/title.ts"
import { pageOf } from "./chat-page.ts"
import { exportMedia } from "./media.ts"
import { type Missing, type Outcome, type Parts, Refused } from "./parts.ts"
import { type FileOut, type FilesOut, recordOf } from "./record.ts"
import { exportSelf } from "./self.ts"
import { bytesOf } from "./sink.ts"

const LIMIT = 200

/** Everything of a person, or one chat. Throws `Refused`, `TooLarge`, the signal's reason, or what the sink threw. */
export async function exportChats(parts: Parts, room?: Id): Promise<Outcome> {
  const { port, pass, tell, style, signal } = parts
  const answer = await port.command("exportChats", { pass })
  if (!answer.ok) throw new Refused(answer.error)
  const chats = answer.value.chats.filter((chat) => room === undefined || chat.room === room)
  if (room !== undefined && chats.length === 0) throw new Refused({ kind: "not_found" })
  const missing: Missing[] = []
  let [done, messages] = [0, 0]
  if (room === undefined) {
    const title = style.text.exportSelf
    tell({ done, all: chats.length, chat: title, messages })
    missing.push(...(await exportSelf(parts, title)).map((one) => ({ chat: title, ...one })))
  }
  for (const chat of chats) {
    signal.throwIfAborted()
    const title = titleOf(chat, style.text)
    const say = (more: number) => tell({ done, all: chats.length, chat: title, messages: messages + more })
    say(0)
    const out = await exportChat(parts, chat, title, say)
    messages += out.messages
    missing.push(...out.missing.map((one) => ({ chat: title, ...one })))
    done += 1
  }
  tell({ done, all: chats.length, chat: "", messages })
  return { chats: done, messages, missing }
}

async function exportChat(parts: Parts, chat: ChatToExport, title: string, say: (messages: number) => void) {
  const folder = await parts.sink.folder(title, chat.room)
  const files = new Map<string, FileOut>()
  const missing: { name: string; why: string }[] = []
  let [messages, last] = [0, 0]
  for await (const item of linesOf(parts, chat.room)) {
    last = item.seq ?? last
    if (item.type !== "message") continue
    const made = await exportMedia(parts, folder, chat.room, item, `${item.seq ?? 0}`)
    for (const { key, name, out } of made) {
      files.set(key, out)
      if ("missing" in out) missing.push({ name, why: out.missing })
    }
    messages += 1
    if (messages % 50 === 0) say(messages)
  }
  say(messages)
  const lines = () => linesOf(parts, chat.room, last)
  await folder.write("messages.html", bytesOf(pageOf(title, chat, lines(), files, parts.style)))
  await folder.write("messages.json", bytesOf(dataOf(chat, title, lines(), files, parts.style.text)))
  return { messages, missing }
}

async function* linesOf(
  { port, pass, signal }: Parts,
  room: Id,
  last = Number.POSITIVE_INFINITY,
): AsyncIterable<TimelineItem> {
  let after: number | undefined = 0
  while (after !== undefined) {
    signal.throwIfAborted()
    const page: CommandResult<CommandValue<"exportPage">> = await port.command("exportPage", {
      pass,
      room,
      after,
      limit: LIMIT,
    })
    if (!page.ok) throw new Refused(page.error)
    for (const item of page.value.items) {
      if ((item.seq ?? 0) > last) return
      yield item
    }
    after = page.value.next
  }
}

async function* dataOf(
  { room, kind, habits, draft, members }: ChatToExport,
  title: string,
  lines: AsyncIterable<TimelineItem>,
  files: FilesOut,
  text: Text,
): AsyncIterable<string> {
  const who = members?.map(({ picture: _, ...one }) => one)
  const head = { format: "teahouse-chat", version: 1, room, kind, title, habits, draft, members: who }
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`
  let before = "\n"
  for await (const item of lines) {
    yield before + JSON.stringify(recordOf(item, files, text))
    before = ",\n"
  }
  yield "\n]}\n"
}
