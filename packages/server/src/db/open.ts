/** The database that the configuration names, or why it cannot be opened, each in its own sentence and with its own exit code. */
import { join } from "node:path"
import type { Problem } from "../config.ts"
import { IN_USE, StartRefused } from "../ops/refusal.ts"
import type { NoRoom } from "./copy-first.ts"
import type { MysqlRefusal } from "./mysql.ts"
import { NODES } from "./mysql-open.ts"
import type { Database } from "./port.ts"
import { openSqlite, type SqliteRefusal } from "./sqlite.ts"

export type OpenOptions = {
  /** `sqlite`, or `mysql://…` */
  readonly url: string
  /** Where SQLite's file is. */
  readonly folder: string
  /** See `WriterOptions`. */
  readonly held?: boolean
  readonly maxPages?: number
  /** See `WriterOptions`. */
  readonly tidy?: boolean
  /** See `SqliteOptions`. */
  readonly writer?: URL
  /** See `SqliteOptions`; a disk that failed is said in words. */
  readonly onFatal?: (error: Error, disk?: StartRefused) => void
  /** The database has no room for what is to be written. */
  readonly onFull?: (said: Problem) => void
  /** See `MysqlOptions`. */
  readonly alone?: boolean
  readonly onRisk?: (risk: Problem) => void
  /** What is worth knowing after a migration: where the copy from before it is. */
  readonly onCopied?: (said: Problem) => void
  /** See `MysqlOptions`. */
  readonly migrate?: boolean
}

export async function openDatabase(options: OpenOptions): Promise<Database> {
  const {
    url,
    folder,
    held = false,
    maxPages,
    tidy = false,
    writer,
    onFatal,
    alone,
    onRisk,
    onCopied,
  } = options
  const full = options.onFull && { onFull: (code: string) => options.onFull?.(fullBy(code)) }
  if (url === "sqlite") {
    const opened = await openSqlite({
      ...{ path: join(folder, "house.db"), held, tidy },
      ...(onFatal ? { onFatal: (error, why) => onFatal(error, why && diskFailed(folder, error)) } : {}),
      ...full,
      ...(onCopied ? { onCopied: (path) => onCopied(copiedTo(path)) } : {}),
      ...(maxPages ? { maxPages } : {}),
      ...(writer ? { writer } : {}),
    })
    if (!opened.ok) throw refusedFolder(opened.error, folder)
    return opened.value
  }
  // Loaded where it is asked for: a house on SQLite does not pay for it.
  const { openMysql } = await import("./mysql.ts")
  const opened = await openMysql({
    ...{ url, migrate: options.migrate ?? false },
    ...(alone ? { alone } : {}),
    ...(onRisk ? { onRisk } : {}),
    ...full,
  })
  if (!opened.ok) throw refusedBy(opened.error, url)
  return opened.value
}

function refusedFolder(refusal: SqliteRefusal, folder: string): StartRefused {
  switch (refusal.kind) {
    case "no_room":
      return new StartRefused(noRoom(folder, refusal), refusal.kind)
    case "newer_schema":
      return new StartRefused(newerFolder, refusal.message, exits.newer_schema)
    case "disk_failed":
      return diskFailed(folder, refusal.message)
  }
}

export const refusedBy = (refusal: MysqlRefusal, url: string): StartRefused =>
  new StartRefused(sentenceOf(refusal, url), refusal.kind, exits[refusal.kind])

/** What the program ends with, so that a script can tell them apart. */
export const exits: Readonly<Record<MysqlRefusal["kind"], number>> = {
  no_server: 10,
  wrong_password: 11,
  no_database: 12,
  no_rights: 13,
  old_version: 14,
  newer_schema: 15,
  small_packets: 16,
  house_open: IN_USE,
  being_moved: 18,
  older_schema: 19,
}

/** Beside those of MySQL. */
export const DISK_FAILED = 20
const diskFailed = (folder: string, cause: unknown): StartRefused =>
  new StartRefused(
    {
      zh: `${folder} 所在磁盘报错，没有确认写入（fsync）。为了不丢消息，茶馆关闭；已确认的消息都在，未确认的会由各客户端重发。请检查磁盘（dmesg、smartctl，或网络盘的连接），必要时换盘，然后重新启动。`,
      en: `The disk of ${folder} reports an error and is not sure of what was written (fsync). So that no message is lost the house closes; what was acknowledged is there, and clients send the rest again. Check the disk (dmesg, smartctl, the line to a network drive), replace it where it must be, and start again.`,
    },
    cause,
    DISK_FAILED,
  )

const newerFolder = {
  zh: "这个数据目录由更新版本的 Teahouse 写成，请升级程序后再打开。",
  en: "This data folder was written by a newer Teahouse. Upgrade the program to open it.",
}

const fullBy = (code: string): Problem => ({
  zh: `数据库空间已满（${code}）：清理出空间之前，什么都不会写入。`,
  en: `The database is full (${code}): nothing is written before there is room.`,
})
const copiedTo = (path: string): Problem => ({
  zh: `数据库由较早版本写成，升级前的副本在 ${path}。`,
  en: `The database was an older version's; a copy from before the upgrade is in ${path}.`,
})
const noRoom = (folder: string, { needs, free }: NoRoom): Problem =>
  free < needs
    ? tooLittle(folder, needs, free)
    : {
        zh: `升级数据库前要先复制一份，但复制到一半，${folder} 所在磁盘已满或超出配额：需要 ${megabytes(needs)}。什么都没有改变。请清理空间后再启动。`,
        en: `Before the database is upgraded it is copied, and on the way the disk of ${folder} was full, or a quota used up: ${megabytes(needs)} are needed. Nothing was changed. Make room and start again.`,
      }
const tooLittle = (folder: string, needs: number, free: number): Problem => ({
  zh: `升级数据库前要先复制一份，但 ${folder} 所在磁盘空间不足：需要 ${megabytes(needs)}，只有 ${megabytes(free)}。什么都没有改变。请清理空间后再启动。`,
  en: `Before the database is upgraded it is copied, and the disk of ${folder} has no room for that: ${megabytes(needs)} are needed, ${megabytes(free)} are free. Nothing was changed. Make room and start again.`,
})
const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`

function sentenceOf(refusal: MysqlRefusal, url: string) {
  const { hostname, port, username, pathname, searchParams } = new URL(url)
  const place = searchParams.get("socketPath") ?? `${hostname}:${port || 3306}`
  const user = decodeURIComponent(username)
  const name = decodeURIComponent(pathname.slice(1))
  switch (refusal.kind) {
    case "no_server":
      return {
        zh: `${place} 上没有数据库服务器应答（${refusal.found}）。请启动 MySQL，并检查配置中的地址和端口。`,
        en: `No database server answers at ${place} (${refusal.found}). Start MySQL, and check the address and port in the configuration.`,
      }
    case "wrong_password":
      return {
        zh: `数据库不接受用户“${user}”的密码。请检查配置中的用户名和密码；密码中的特殊字符须用 %XX 表示。`,
        en: `The database does not take the password of its user “${user}”. Check both in the configuration; special characters are written as %XX.`,
      }
    case "no_database":
      return {
        zh: `没有名为“${name}”的数据库。请先创建：CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;`,
        en: `There is no database “${name}”. Make it first: CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;`,
      }
    case "no_rights":
      return {
        zh: `用户“${user}”没有使用数据库“${name}”的权限。请授权：GRANT ALL ON ${name}.* TO '${user}'@'%';`,
        en: `The user “${user}” may not use the database “${name}”. Allow it: GRANT ALL ON ${name}.* TO '${user}'@'%';`,
      }
    case "old_version":
      return {
        zh: `数据库版本 ${refusal.found} 过旧。需要 MySQL 8.0 或 MariaDB 10.11 及更新版本。`,
        en: `The database is of version ${refusal.found}. Teahouse needs MySQL 8.0 or MariaDB 10.11, or newer.`,
      }
    case "small_packets":
      return {
        zh: `数据库的 max_allowed_packet 是 ${refusal.found} 字节，至少需要 16M。请在数据库的配置文件中修改并重新启动它。`,
        en: `The database's max_allowed_packet is ${refusal.found} bytes; 16M is the least. Change it in the database's own configuration and start it again.`,
      }
    case "house_open":
      return {
        zh: `数据库“${name}”正被一个打开的茶馆使用。请先关闭它的所有节点。`,
        en: `The database “${name}” is in use by a house that is open. Close all of its nodes first.`,
      }
    case "being_moved":
      return {
        zh: `数据库“${name}”正在被复制（teahouse db copy），或已有 ${NODES} 个节点打开。请等复制完成后再启动。`,
        en: `The database “${name}” is being copied (teahouse db copy), or ${NODES} nodes have it open already. Wait until the copy is done.`,
      }
    case "older_schema":
      return {
        zh: `数据库“${name}”由较早版本的 Teahouse 写成（${refusal.found}）。升级无法撤销，请先备份（teahouse backup，用原来的版本；或 mysqldump --single-transaction --hex-blob ${name} > before.sql），关闭所有节点，然后用 --migrate（或 migrate = yes）启动一次。`,
        en: `The database “${name}” was written by an older Teahouse (${refusal.found}). An upgrade cannot be undone there: take a backup first (teahouse backup with the older version, or mysqldump --single-transaction --hex-blob ${name} > before.sql), close all nodes, and start once with --migrate (or migrate = yes).`,
      }
    case "newer_schema":
      return {
        zh: `数据库“${name}”由更新版本的 Teahouse 写成，请升级程序后再打开。`,
        en: `The database “${name}” was written by a newer Teahouse. Upgrade the program to open it.`,
      }
  }
}
