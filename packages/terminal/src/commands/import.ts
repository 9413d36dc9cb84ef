/**
 * `teahouse import`: an export of Telegram Desktop (JSON) or WhatsApp (text) into one's chat with oneself, as bundles that nobody can change
 * afterwards, with the files that the export holds. The last line is the report: what was read, and each thing that was not, by name.
 *
 * How far an export has come is kept in the profile, by the export's bytes: the same again goes on where it stopped, and a finished one
 * is not taken a second time.
 */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { readdir, readFile, realpath, stat } from "node:fs/promises"
import { basename, dirname, extname, join, resolve, sep } from "node:path"
import { bundlesOf, type ImportedBundle } from "@teahouse/client/import/bundles.ts"
import type { Imported, Unread } from "@teahouse/client/import/record.ts"
import { readTelegram } from "@teahouse/client/import/telegram.ts"
import { readWhatsApp } from "@teahouse/client/import/whatsapp.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { EXIT } from "../say/exit.ts"
import { type Here, PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { chatOf, readable, stored } from "./send.ts"
import { Stop, usage } from "./stop.ts"

/** Larger ones are no export of chats: the text alone of a million messages is a tenth of that. */
const MOST_BYTES = 512 * 1024 * 1024

export const importAll: Command = async ({ args, dataHome, output }) => {
  const flags = readFlags(args, { profile: "string", from: "string", to: "string", timeout: "string" })
  if (flags.rest.length > 0)
    throw usage(
      "用法：teahouse import --profile 配置 --from 文件或目录 [--to self]",
      "Use: teahouse import --profile P --from FILE|DIR [--to self]",
    )
  const profileName = flags.need("profile")
  // Before anything is opened: what cannot be read changes nothing.
  const found = await exportAt(flags.need("from"))
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: profileName, patienceMs }, async (here, profile) => {
    await here.signedIn()
    await here.connected()
    await here.caughtUp()
    const room = await selfChat(here, flags.text("to") ?? "self")
    const progress = openProgress(join(profile.folder, "imports.json"), found.hash)
    const unread: Unread[] = [...found.read.unread]
    const count = { chats: 0, messages: 0, files: 0 }
    let skipped = 0
    for (const [i, chat] of found.read.chats.entries()) {
      count.chats += 1
      const from = progress.done(i)
      skipped += from
      for (const bundle of bundlesOf(chat).filter(({ upTo }) => upTo > from)) {
        const { title, lines } = bundle
        const { key } = await here.must("importLines", { room, title, lines })
        await stored(here, room, key, patienceMs)
        for (const file of bundle.files) {
          const why = await keepFile(here, room, found.folder, file, patienceMs)
          if (why) unread.push({ chat: chat.name, where: file.path, why })
          else count.files += 1
        }
        progress.set(i, bundle.upTo)
        await output.line({ chat: chat.name, done: bundle.upTo, of: chat.lines.length })
      }
      count.messages += chat.lines.length
    }
    await here.keepSafe()
    const { dates } = found.read
    await output.line({ ...count, before: skipped, unread, ...(dates ? { dates } : {}) })
    if (unread.length > 0)
      output.say({
        zh: `有 ${unread.length} 项未能读取，已在报告中逐一列出。`,
        en: `${unread.length} things could not be read. The report names each.`,
      })
    if (dates && !dates.sure)
      output.say({
        zh: `日期的顺序无法确定，按 ${dates.order}（y 年 m 月 d 日）读取。`,
        en: `The order of its dates is not certain. They were read as ${dates.order} (y year, m month, d day).`,
      })
  })
}

const unreadable = (path: string, why: string) =>
  new Stop(EXIT.file, { zh: `无法读取 ${path}（${why}）。`, en: `${path} cannot be read (${why}).` })
const noExport = (path: string) =>
  new Stop(EXIT.file, {
    zh: `${path} 不是 Telegram Desktop 的 JSON 导出（result.json），也不是 WhatsApp 的文本导出（_chat.txt）。压缩包请先解压。`,
    en: `${path} is neither a Telegram Desktop export as JSON (result.json) nor a WhatsApp export as text (_chat.txt). Unpack archives first.`,
  })

async function exportAt(from: string) {
  const path = resolve(from)
  try {
    const file = (await stat(path)).isDirectory() ? await fileIn(path) : path
    if (file === undefined) throw noExport(from)
    if ((await stat(file)).size > MOST_BYTES) throw unreadable(file, "> 512 MB")
    const bytes = await readFile(file)
    const read = parse(file, bytes)
    if (!read) throw noExport(from)
    return { read, folder: dirname(file), hash: createHash("sha256").update(bytes).digest("hex") }
  } catch (error) {
    if (error instanceof Stop) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw unreadable(from, code)
  }
}

async function fileIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder)
  const texts = names.filter((name) => extname(name).toLowerCase() === ".txt")
  const chat = texts.find((name) => name === "_chat.txt") ?? texts.find((name) => /whatsapp/i.test(name))
  const name =
    names.find((one) => one === "result.json") ?? chat ?? (texts.length === 1 ? texts[0] : undefined)
  return name === undefined ? undefined : join(folder, name)
}

/** Undefined: no export. A file that is cut off is said to be damaged, by its own sentence. */
function parse(file: string, bytes: Uint8Array): Imported | undefined {
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw unreadable(file, "UTF-8")
  }
  if (extname(file).toLowerCase() !== ".json") {
    const name = basename(file, extname(file)).replace(/^WhatsApp Chat with |^与|的 ?WhatsApp ?聊天$/g, "")
    const read = readWhatsApp(text, name === "_chat" ? basename(dirname(file)) : name)
    return read.ok ? read.value : undefined
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Stop(EXIT.file, {
      zh: `${file} 已损坏：不是完整的 JSON。没有导入任何内容。`,
      en: `${file} is damaged: it is not whole JSON. Nothing was imported.`,
    })
  }
  const read = readTelegram(json)
  return read.ok ? read.value : undefined
}

async function selfChat(here: Here, to: string): Promise<Id> {
  const room = await chatOf(here, to, true)
  const view = await here.until("room", { room }, ({ state }) => state === "here")
  if (view?.state === "here" && view.kind === "self") return room
  throw new Stop(EXIT.refused, {
    zh: "只能导入到与自己的聊天（文件传输助手）：导入不会把别人在其他软件中说的话发给任何人。",
    en: "An import goes into the chat with yourself only: it sends nobody what others have said in another program.",
  })
}

async function keepFile(
  here: Here,
  room: Id,
  folder: string,
  { path, name, line }: ImportedBundle["files"][number],
  patienceMs: number,
): Promise<Unread["why"] | undefined> {
  const full = join(folder, path)
  // A link in an export may lead anywhere.
  const real = await realpath(full).catch(() => undefined)
  if (real === undefined) return "file_not_included"
  if (!real.startsWith((await realpath(folder)) + sep)) return "bad_path"
  try {
    const file = await readable(full)
    const caption = [line.name, new Date(line.at).toISOString()].filter(Boolean).join(" · ")
    const sent = await here.must("sendFiles", { room, files: [{ ...file, name, caption }] })
    for (const key of sent.keys) await stored(here, room, key, patienceMs)
    return undefined
  } catch (error) {
    // Too large for the house, or empty: the others go on. Without a line nothing goes on.
    if (error instanceof Stop && (error.exit === EXIT.file || error.exit === EXIT.refused))
      return "file_not_included"
    throw error
  }
}

function openProgress(file: string, hash: string) {
  const all: Record<string, Record<string, number>> = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : {}
  const own = all[hash] ?? {}
  all[hash] = own
  return {
    done: (chat: number): number => own[chat] ?? 0,
    set(chat: number, lines: number) {
      own[chat] = lines
      writeFileSync(`${file}.new`, JSON.stringify(all), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}
