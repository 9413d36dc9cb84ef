/**
 * `teahouse import`: an export of Telegram Desktop (JSON) or WhatsApp (text) as read-only history of a chat, one's own by default, with the files
 * that the export holds. The last line is the report: what was read, and each thing that was not, by name.
 */
import { openAsBlob } from "node:fs"
import { readdir, readFile, realpath, stat } from "node:fs/promises"
import { basename, dirname, join, resolve, sep } from "node:path"
import {
  EXPORT_MAX_BYTES,
  exportAmong,
  type NoExport,
  type Parsed,
  parseExport,
} from "@teahouse/client/import/parse.ts"
import { isArchive, type Unread } from "@teahouse/client/import/record.ts"
import { runImport } from "@teahouse/client/import/run.ts"
import type { FileToSend } from "@teahouse/client/view/port/files.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { EXIT } from "../say/exit.ts"
import { type Here, PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { openSent } from "./import-sent.ts"
import { importsHere } from "./imports-here.ts"
import { chatOf, readable, stored } from "./send.ts"
import { Stop, usage } from "./stop.ts"

export const importAll: Command = async (input) => {
  const { args, dataHome, output } = input
  if (args[0] === "list" || args[0] === "drop") return importsHere(input)
  const flags = readFlags(args, { profile: "string", from: "string", to: "string", timeout: "string" })
  if (flags.rest.length > 0)
    throw usage(
      "用法：teahouse import --profile 配置 --from 文件或目录 [--to 聊天]；teahouse import list|drop --profile 配置 [编号]",
      "Use: teahouse import --profile P --from FILE|DIR [--to CHAT]; teahouse import list|drop --profile P [ID]",
    )
  const profileName = flags.need("profile")
  // Before anything is opened: what cannot be read changes nothing.
  const found = await exportAt(flags.need("from"))
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: profileName, patienceMs }, async (here, profile) => {
    await here.signedIn()
    await here.connected()
    await here.caughtUp()
    const self = await ownChat(here)
    const to = flags.text("to")
    const room = to === undefined ? self : await chatOf(here, to, true)
    const { source, read, file } = found
    const report = await runImport(
      read,
      { room, self, source },
      {
        must: here.must,
        file,
        stored: (where, key) => storedAt(here, where, key, patienceMs),
        sent: openSent(join(profile.folder, "imports.json")),
        progress: (done) => output.line(done),
        stopped: () => false,
      },
    )
    await here.keepSafe(patienceMs)
    const { stopped: _, ...said } = report
    const { dates } = read
    await output.line({ ...said, ...(dates ? { dates } : {}) })
    if (said.unread.length > 0)
      output.say({
        zh: `有 ${said.unread.length} 项未能读取，已在报告中逐一列出。`,
        en: `${said.unread.length} things could not be read. The report names each.`,
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

const wrong = (path: string, why: NoExport): Stop => {
  switch (why) {
    case "not_utf8":
      return unreadable(path, "UTF-8")
    case "too_large":
      return new Stop(EXIT.file, {
        zh: `${path} 超过 512 MB，或解压后远大于正常的导出。没有导入任何内容。`,
        en: `${path} is larger than 512 MB, or unpacks to far more than an export does. Nothing was imported.`,
      })
    case "damaged_archive":
      return new Stop(EXIT.file, {
        zh: `压缩包 ${path} 已损坏，无法读取。没有导入任何内容。`,
        en: `The archive ${path} is damaged: it cannot be read. Nothing was imported.`,
      })
    case "locked_archive":
      return new Stop(EXIT.file, {
        zh: `压缩包 ${path} 有密码，请先解压。没有导入任何内容。`,
        en: `The archive ${path} has a password. Unpack it first. Nothing was imported.`,
      })
    case "cut_off":
      return new Stop(EXIT.file, {
        zh: `${path} 已损坏：不是完整的 JSON。没有导入任何内容。`,
        en: `${path} is damaged: it is not whole JSON. Nothing was imported.`,
      })
    case "not_an_export":
      return new Stop(EXIT.file, {
        zh: `${path} 不是 Telegram Desktop 的 JSON 导出（result.json），也不是 WhatsApp 的文本导出（_chat.txt），或它们的 .zip。`,
        en: `${path} is neither a Telegram Desktop export as JSON (result.json) nor a WhatsApp export as text (_chat.txt), nor a .zip of one.`,
      })
  }
}

type Export = Parsed & { file(path: string, name: string): Promise<FileToSend | Unread["why"]> }

async function exportAt(from: string): Promise<Export> {
  const path = resolve(from)
  try {
    if ((await stat(path)).isFile() && isArchive(path)) return await archiveAt(from, path)
    const inside = (await stat(path)).isDirectory() ? exportAmong(await readdir(path)) : basename(path)
    if (inside === undefined) throw wrong(from, "not_an_export")
    const folder = (await stat(path)).isDirectory() ? path : dirname(path)
    const file = join(folder, inside)
    if ((await stat(file)).size > EXPORT_MAX_BYTES) throw wrong(file, "too_large")
    const parsed = parseExport(inside, basename(folder), await readFile(file))
    if (!parsed.ok) throw wrong(parsed.error === "not_an_export" ? from : file, parsed.error)
    return { ...parsed.value, file: (inner, name) => fileOf(folder, inner, name) }
  } catch (error) {
    if (error instanceof Stop) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw unreadable(from, code)
  }
}

async function archiveAt(from: string, path: string): Promise<Export> {
  const { readArchive } = await import("@teahouse/client/import/archive.ts")
  const read = await readArchive(await openAsBlob(path), basename(path))
  if (!read.ok) throw wrong(from, read.error)
  const { blobToSend } = await import("../chat/picture/prepare.ts")
  return {
    ...read.value,
    async file(inner, name) {
      const blob = await read.value.file(inner)
      return typeof blob === "string" ? blob : { ...(await blobToSend(blob, basename(inner))).file, name }
    },
  }
}

async function ownChat(here: Here): Promise<Id> {
  const list = await here.until("roomList", undefined, ({ rooms }) =>
    rooms.some(({ kind }) => kind === "self"),
  )
  const own = list?.rooms.find(({ kind }) => kind === "self")
  return own ? own.room : chatOf(here, "self", true)
}

/** A link in an export may lead anywhere: only what lies inside of it is read. */
async function fileOf(folder: string, path: string, name: string): Promise<FileToSend | Unread["why"]> {
  const full = join(folder, path)
  const real = await realpath(full).catch(() => undefined)
  if (real === undefined) return "file_not_included"
  if (!real.startsWith((await realpath(folder)) + sep)) return "bad_path"
  try {
    return { ...(await readable(full)), name }
  } catch (error) {
    if (error instanceof Stop) return "file_not_included"
    throw error
  }
}

/** Too large for the house, or empty: the others go on. Without a line nothing goes on. */
async function storedAt(here: Here, room: Id, key: string, patienceMs: number): Promise<number | undefined> {
  try {
    return (await stored(here, room, key, patienceMs)).seq
  } catch (error) {
    if (error instanceof Stop && (error.exit === EXIT.file || error.exit === EXIT.refused)) return undefined
    throw error
  }
}
