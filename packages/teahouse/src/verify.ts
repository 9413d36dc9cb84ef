/** `teahouse verify FOLDER`: whether a backup is whole. It ends with 0, or with 20 and what is damaged. */
import { parseArgs } from "node:util"
import { checkBackup, type Damage } from "@teahouse/server/backup/check.ts"
import type { Problem } from "@teahouse/server/config.ts"
import { diskProblem, megabytes } from "./disk.ts"
import { progress } from "./progress.ts"
import { fail, say } from "./say.ts"

export const DAMAGED = 20

const usage: Problem = {
  zh: "用法：teahouse verify 备份目录",
  en: "Use: teahouse verify BACKUP-FOLDER",
}

export async function verify(args: readonly string[]): Promise<void> {
  const from = read(args)
  if (from === undefined) return fail([usage], 2)
  try {
    const { manifest, damages } = await checkBackup(from, true, progress)
    if (!manifest || damages.length > 0) return fail(sentencesOf(from, damages), DAMAGED)
    const { mark, files } = manifest
    const missing = files.missing.length
    const [zh, en] =
      missing > 0
        ? [`；备份时服务器已缺少 ${missing} 个文件`, `; ${missing} files were missing at the house already`]
        : ["", ""]
    const time = new Date(manifest.time).toISOString()
    const size = megabytes(files.bytes)
    say(
      {
        zh: `备份完好：${time}，${mark.rooms} 个房间，${mark.entries} 条记录，${files.count} 个文件 ${size}${zh}。`,
        en: `The backup is whole: of ${time}, ${mark.rooms} rooms, ${mark.entries} entries, ${files.count} files of ${size}${en}.`,
      },
      console.log,
    )
  } catch (error) {
    const problem = diskProblem(error, from)
    if (!problem) throw error
    fail([problem], DAMAGED)
  }
}

function read(args: readonly string[]): string | undefined {
  try {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true })
    return positionals.length === 1 ? positionals[0] : undefined
  } catch {
    return undefined
  }
}

export const sentencesOf = (from: string, damages: readonly Damage[]): Problem[] =>
  damages.map((damage) => sentenceOf(from, damage))

function sentenceOf(from: string, damage: Damage): Problem {
  switch (damage.kind) {
    case "no_backup":
      return {
        zh: `${from} 不是完整的备份：没有 manifest.json。中断的备份可以删除。`,
        en: `${from} is no whole backup: it has no manifest.json. One that was interrupted can be deleted.`,
      }
    case "newer":
      return {
        zh: `${from} 由更新版本的 Teahouse 写成，请用那个版本。`,
        en: `${from} was written by a newer Teahouse. Use that one.`,
      }
    case "missing":
      return {
        zh: `备份已损坏：缺少 ${damage.part}。`,
        en: `The backup is damaged: ${damage.part} is missing.`,
      }
    case "differs":
      return {
        zh: `备份已损坏：${damage.part} 与其校验和不符。`,
        en: `The backup is damaged: ${damage.part} is not what its sum says.`,
      }
    case "table":
      return {
        zh: `备份有误：house.db 中的表 ${damage.table} 与 manifest.json 不符。`,
        en: `The backup is wrong: the table ${damage.table} in house.db is not what manifest.json says.`,
      }
    case "chain":
      return {
        zh: `备份中的记录不连贯：房间 ${damage.room} 从第 ${damage.seq} 条起与哈希链不符。备份前服务器的数据库已损坏。`,
        en: `The log in the backup is broken: room ${damage.room} does not fit its hash chain from entry ${damage.seq} on. The house's database was damaged before the backup.`,
      }
  }
}
