/**
 * `teahouse export`: every chat of this profile as data, with its files: `DIR/CHAT/messages.json` and `DIR/CHAT/files/…`. The folder has to be
 * new or empty. A file that cannot be had is named in the chat's data and in the outcome.
 */
import { createWriteStream } from "node:fs"
import { mkdir, open, readdir } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { freeName, savedName } from "@teahouse/client/view/file-name.ts"
import type { ShownFile } from "@teahouse/client/view/port/files.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { EXIT } from "../say/exit.ts"
import { type Here, PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { Stop, usage } from "./stop.ts"

const PAGE = 200
const PART = 1024 * 1024

export const exportAll: Command = async ({ args, dataHome, output }) => {
  const flags = readFlags(args, { profile: "string", to: "string", timeout: "string" })
  if (flags.rest.length > 0)
    throw usage("用法：teahouse export --profile 配置 --to 目录", "Use: teahouse export --profile P --to DIR")
  const to = flags.need("to")
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here) => {
    await here.signedIn()
    await here.until(
      "connection",
      undefined,
      ({ state }) => state === "connected",
      Math.min(patienceMs, 5_000),
    )
    await here.caughtUp()
    await emptyFolder(to)
    const { pass } = await here.must("beginExport", {})
    const { chats } = await here.must("exportChats", { pass })
    const taken = new Set<string>()
    let messages = 0
    const missing: { chat: string; name: string; why: string }[] = []
    for (const chat of chats) {
      const title = chat.kind === "self" ? "self" : chat.title
      const name = freeName(savedName(title), (one) => taken.has(one.toLowerCase()))
      taken.add(name.toLowerCase())
      const folder = join(to, name)
      await mkdir(folder, { mode: 0o700 })
      const done = await exportChat(here, pass, chat.room, folder, {
        ...{ format: "teahouse-chat", version: 1, room: chat.room, kind: chat.kind, title },
        members: chat.members?.map(({ username, name, role }) => ({ username, name, role })),
      })
      messages += done.messages
      missing.push(...done.missing.map((one) => ({ chat: title, ...one })))
    }
    await output.line({ to, chats: chats.length, messages, missing })
  })
}

async function emptyFolder(to: string): Promise<void> {
  try {
    await mkdir(to, { recursive: true, mode: 0o700 })
    if ((await readdir(to)).length === 0) return
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException
    throw new Stop(EXIT.file, {
      zh: `无法使用目录 ${to}（${code}）。`,
      en: `The folder ${to} cannot be used (${code}).`,
    })
  }
  throw new Stop(EXIT.file, { zh: `目录 ${to} 不是空的。`, en: `The folder ${to} is not empty.` })
}

async function exportChat({ must, client }: Here, pass: string, room: Id, folder: string, head: object) {
  const missing: { name: string; why: string }[] = []
  const taken = new Set<string>()
  let messages = 0
  const save = async (key: string, seq: number | undefined, line: number | undefined, shown: ShownFile) => {
    const at = { room, key, ...(seq === undefined ? {} : { seq }), ...(line === undefined ? {} : { line }) }
    const record = { name: shown.name, type: shown.type, size: shown.size }
    const opened = await client.command("openFile", at)
    const fail = (why: string) => {
      missing.push({ name: shown.name, why })
      return { ...record, missing: why }
    }
    if (!opened.ok) return fail(opened.error.kind)
    const { url, name, size } = opened.value
    try {
      const free = freeName(savedName(name), (one) => taken.has(one.toLowerCase()))
      taken.add(free.toLowerCase())
      await mkdir(join(folder, "files"), { recursive: true, mode: 0o700 })
      const out = createWriteStream(join(folder, "files", free), { flags: "wx", mode: 0o600 })
      await pipeline(partsOf(client, url, size), out)
      return { ...record, path: `files/${free}` }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code) throw error
      return fail("file_gone")
    } finally {
      await client.command("closeFile", { url })
    }
  }
  const file = await open(join(folder, "messages.json"), "wx", 0o600)
  try {
    await file.write(`${JSON.stringify(head).slice(0, -1)},"messages":[`)
    let before = "\n"
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: { items: readonly TimelineItem[]; next?: number } = await must("exportPage", {
        ...{ pass, room, after, limit: PAGE },
      })
      for (const item of page.items) {
        await file.write(before + JSON.stringify(await recordOf(item, save)))
        before = ",\n"
        if (item.type === "message") messages += 1
      }
      after = page.next
    }
    await file.write("\n]}\n")
  } finally {
    await file.close()
  }
  return { messages, missing }
}

type Save = (
  key: string,
  seq: number | undefined,
  line: number | undefined,
  file: ShownFile,
) => Promise<object>

async function recordOf(item: TimelineItem, save: Save): Promise<object> {
  const head = { position: item.seq, time: new Date(item.at).toISOString() }
  if (item.type === "event")
    return {
      ...head,
      event: item.event.kind === "imported" ? { ...item.event, import: undefined } : item.event,
    }
  const { from, text, edited, lost, forwarded, imported, reply, reactions, mine }: MessageItem = item
  const said = {
    ...head,
    from: { username: from.username, name: from.name },
    ...(mine ? { mine } : {}),
    kind: item.body.kind,
    text,
    ...(edited ? { edited } : {}),
    ...(lost ? { lost } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(imported ? { imported } : {}),
    ...(reply ? { reply: { position: reply.seq, from: reply.from.username, text: reply.text } } : {}),
    ...(reactions.length > 0
      ? {
          reactions: reactions.map(({ emoji, people }) => ({
            emoji,
            people: people.map((one) => one.username),
          })),
        }
      : {}),
  }
  if (item.body.kind === "file")
    return { ...said, file: await save(item.key, item.seq, undefined, item.body.file) }
  if (item.body.kind === "poll") return { ...said, poll: item.body.poll }
  if (item.body.kind !== "bundle") return said
  const items = []
  for (const [line, { name, at, text, file }] of item.body.bundle.items.entries())
    items.push({
      ...{ name, time: new Date(at).toISOString(), text },
      ...(file ? { file: await save(item.key, item.seq, line, file) } : {}),
    })
  return { ...said, bundle: { title: item.body.bundle.title, items } }
}

async function* partsOf(client: Here["client"], url: string, size: number): AsyncIterable<Uint8Array> {
  const name = url.slice(url.lastIndexOf("/") + 1)
  for (let from = 0; from < size; ) {
    const part = await client.files.read(name, from, Math.min(size, from + PART))
    if (!part || part.length === 0) throw new Error("the file ended before its end")
    yield part
    from += part.length
  }
}
