/**
 * `teahouse backup --to FOLDER`: everything that a house is, of one that is open or closed, found by the same configuration.
 * `teahouse backup key --to FILE`: the operator's key pair, to which the OPAQUE secret is sealed.
 */
import { randomBytes } from "node:crypto"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { makeOperatorKey, operatorKeyOf, operatorKeyText } from "@teahouse/server/backup/operator-key.ts"
import { type Taken, type TakeRefusal, takeBackup } from "@teahouse/server/backup/take.ts"
import { isAway } from "@teahouse/server/blob/port.ts"
import { settings } from "@teahouse/server/config/settings.ts"
import { type Problem, readConfiguration } from "@teahouse/server/config.ts"
import { exits } from "@teahouse/server/db/open.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import { diskProblem, megabytes } from "./disk.ts"
import type { Program } from "./program.ts"
import { progress } from "./progress.ts"
import { fail, say } from "./say.ts"

const usage: Problem = {
  zh: "用法：teahouse backup --to 目录 [--operator 公钥 | --unsealed] [--config 文件] [--data 目录]；或 teahouse backup key --to 文件。",
  en: "Use: teahouse backup --to FOLDER [--operator PUBLIC-KEY | --unsealed] [--config FILE] [--data FOLDER], or teahouse backup key --to FILE.",
}

export async function backup(args: readonly string[], program: Program): Promise<void> {
  if (args[0] === "key") return key(args.slice(1))
  const asked = read(args)
  if (!asked) return fail([usage], 2)
  const configuration = readConfiguration(asked.rest, process.env, undefined, program.data)
  if (!configuration.ok) return fail(configuration.error)
  const operator = asked.operator ?? (asked.unsealed ? undefined : configuration.value.backupKey)
  if (operator === undefined && !asked.unsealed) return fail([noKey], 2)
  try {
    const taken = await takeBackup({
      configuration: configuration.value,
      to: asked.to,
      operatorKey: operator === undefined ? undefined : operatorKeyOf(operator),
      now: Date.now,
      random: (length) => new Uint8Array(randomBytes(length)),
      onProgress: progress,
    })
    if (!taken.ok) return fail([sentenceOf(taken.error)], exitOf(taken.error))
    said(taken.value)
  } catch (error) {
    if (error instanceof StartRefused) return fail([error.problem], error.exit)
    if (isAway(error)) return fail([error.problem])
    const full = diskProblem(error, asked.to)
    if (!full) throw error
    fail([full])
  }
}

function read(args: readonly string[]) {
  const own = { to: { type: "string" }, operator: { type: "string" }, unsealed: { type: "boolean" } } as const
  try {
    const { values, tokens } = parseArgs({ args: [...args], options: own, strict: false, tokens: true })
    const mine = new Set<number>()
    for (const token of tokens)
      if (token.kind === "option" && Object.hasOwn(own, token.name)) {
        mine.add(token.index)
        if (token.value !== undefined && !token.inlineValue) mine.add(token.index + 1)
      }
    const { to, operator, unsealed = false } = values
    const key = typeof operator === "string" ? settings.backupKey.read(operator) : undefined
    if (typeof to !== "string" || to === "" || typeof unsealed !== "boolean") return undefined
    if (operator !== undefined && (key === undefined || unsealed)) return undefined
    return { to, unsealed, operator: key, rest: args.filter((_, index) => !mine.has(index)) }
  } catch {
    return undefined
  }
}

async function key(args: readonly string[]): Promise<void> {
  let to: string | undefined
  try {
    to = parseArgs({ args: [...args], options: { to: { type: "string" } } }).values.to
  } catch {}
  if (!to) return fail([usage], 2)
  const path = resolve(to)
  try {
    const made = await makeOperatorKey(path)
    if (!made)
      return fail([
        {
          zh: `${path} 已存在，未作改动。请指定另一个文件。`,
          en: `There is a file ${path} already; it was left as it is. Name another one.`,
        },
      ])
    const text = operatorKeyText(made)
    say(
      {
        zh: `已写入 ${path}。请把它保存在别处：没有它，密封的备份无法恢复，有了它就能打开。在 server.conf 的 [server] 中写入：`,
        en: `Written to ${path}. Keep it elsewhere: without it a sealed backup cannot be restored, and with it one can be opened. Put this into server.conf, under [server]:`,
      },
      console.log,
    )
    console.log(`backup_key = ${text}`)
  } catch (error) {
    const problem = diskProblem(error, path)
    if (!problem) throw error
    fail([problem])
  }
}

function said({ path, manifest }: Taken): void {
  const { mark, files, opaque } = manifest
  if (files.missing.length > 0)
    say({
      zh: `注意：服务器本应有的 ${files.missing.length} 个文件不在磁盘上，备份中也没有。编号：${files.missing.slice(0, 5).join("、")}`,
      en: `Note: ${files.missing.length} files that the house should have are not on its disk, and so not in the backup. Ids: ${files.missing.slice(0, 5).join(", ")}`,
    })
  if (opaque === "unsealed") say(unsealed)
  const size = megabytes(files.bytes)
  say(
    {
      zh: `完成：${path}（${mark.rooms} 个房间，${mark.entries} 条记录，${files.count} 个文件 ${size}）。用 teahouse verify 核对。`,
      en: `Done: ${path} (${mark.rooms} rooms, ${mark.entries} entries, ${files.count} files of ${size}). Check it with teahouse verify.`,
    },
    console.log,
  )
}

const noKey: Problem = {
  zh: "没有操作员密钥，因此没有写入备份。先运行 teahouse backup key --to 文件，把公钥写入 server.conf 的 backup_key（或用 --operator 给出）。若要不密封，请加 --unsealed：拿到这样的备份的人可以离线猜测所有人的密码。",
  en: "There is no operator key, so nothing was written. Run teahouse backup key --to FILE and put its public key into server.conf as backup_key (or give it with --operator). To go without, add --unsealed: whoever gets hold of such a backup can guess everybody's passwords without asking the house.",
}
const unsealed: Problem = {
  zh: "注意：此备份未密封。其中的 opaque.txt 加上数据库，足以离线猜测所有人的密码：请像保管钥匙一样保管它。",
  en: "Note: this backup is not sealed. With its opaque.txt and its rows everybody's passwords can be guessed without asking the house: keep it like a key.",
}

const exitOf = ({ kind }: TakeRefusal): number => (kind === "newer_schema" ? exits.newer_schema : 1)

function sentenceOf(refusal: TakeRefusal): Problem {
  switch (refusal.kind) {
    case "no_house":
      return {
        zh: `${refusal.path} 中没有 Teahouse。请用 --data 或 --config 指出要备份的那一个。`,
        en: `There is no house in ${refusal.path}. Say with --data or --config which one is meant.`,
      }
    case "exists":
      return {
        zh: `${refusal.path} 已存在，未作改动。请指定一个新目录，或一个存放备份的目录。`,
        en: `${refusal.path} is there already and was left as it is. Name a new folder, or one to keep backups in.`,
      }
    case "no_folder":
      return {
        zh: `没有 ${refusal.path} 这个目录。请先创建它。`,
        en: `There is no folder ${refusal.path}. Make it first.`,
      }
    case "keys_differ":
      return {
        zh: `数据库与 ${refusal.path} 中的 house.json 不属于同一个 Teahouse。请检查配置中的 data、keys 和 database。`,
        en: `The database and the house.json in ${refusal.path} are not of one house. Check data, keys and database in the configuration.`,
      }
    case "keys_damaged":
      return {
        zh: `${refusal.path} 已损坏，无法备份。请从较早的备份中恢复这个文件。`,
        en: `${refusal.path} is damaged, so there is nothing to back up. Get that file back from an older backup.`,
      }
    case "older_schema":
      return {
        zh: "数据库由较早版本的 Teahouse 写成。请用那个版本备份，或先用这个版本启动一次服务器。",
        en: "The database was written by an older Teahouse. Back it up with that one, or start the house once with this one.",
      }
    case "newer_schema":
      return {
        zh: "数据库由更新版本的 Teahouse 写成，请用那个版本备份。",
        en: "The database was written by a newer Teahouse. Back it up with that one.",
      }
    case "bad_key":
      return {
        zh: "操作员公钥不可用。请检查 backup_key 或 --operator。",
        en: "The operator's public key is of no use. Check backup_key, or --operator.",
      }
  }
}
