/**
 * `teahouse restore FOLDER --data EMPTY-FOLDER [--database mysql://…] [--key FILE]`: makes a house of a backup. Its log goes on in a
 * new life, which clients are told of, signed.
 */
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { readOperatorKey } from "@teahouse/server/backup/operator-key.ts"
import { type RestoreRefusal, restoreBackup } from "@teahouse/server/backup/restore.ts"
import { settings } from "@teahouse/server/config/settings.ts"
import type { Problem } from "@teahouse/server/config.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import { sentenceOf as copySentenceOf } from "./db.ts"
import { diskProblem } from "./disk.ts"
import { progress } from "./progress.ts"
import { fail, say } from "./say.ts"
import { DAMAGED, sentencesOf } from "./verify.ts"

const usage: Problem = {
  zh: "用法：teahouse restore 备份目录 --data 空目录 [--key 操作员密钥文件] [--database mysql://用户:密码@地址/空数据库] [--sign-out]",
  en: "Use: teahouse restore BACKUP-FOLDER --data EMPTY-FOLDER [--key OPERATOR-KEY-FILE] [--database mysql://user:password@host/empty-database] [--sign-out]",
}

const exits: Readonly<Record<RestoreRefusal["kind"], number>> = {
  damaged: DAMAGED,
  needs_key: 21,
  wrong_key: 21,
  not_empty: 22,
  not_a_folder: 22,
  database_not_empty: 22,
  copy: 1,
}

export async function restore(args: readonly string[]): Promise<void> {
  const asked = read(args)
  if (!asked) return fail([usage], 2)
  const { from, database, signOut } = asked
  const data = resolve(asked.data)
  const operatorKey = asked.key === undefined ? undefined : readOperatorKey(asked.key)
  if (asked.key !== undefined && !operatorKey) return fail([noSuchKey(asked.key)], exits.wrong_key)
  try {
    const restored = await restoreBackup({
      ...{ from, data, database, operatorKey, signOut },
      now: Date.now,
      onProgress: progress,
    })
    if (!restored.ok) return fail(problemsOf(restored.error, from), exits[restored.error.kind])
    const { manifest, incarnation } = restored.value
    const time = new Date(manifest.time).toISOString()
    say(
      {
        zh: `完成：${data} 恢复到 ${time} 的状态（第 ${incarnation} 世）。之后的内容服务器已没有；请告知大家，并只从这份备份启动一个服务器。`,
        en: `Done: ${data} is as it was at ${time} (incarnation ${incarnation}). What came later the house does not have; tell your people, and start only one house from this backup.`,
      },
      console.log,
    )
  } catch (error) {
    if (error instanceof StartRefused) return fail([error.problem], error.exit)
    const problem = diskProblem(error, data)
    if (!problem) throw error
    fail([problem])
  }
}

function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        data: { type: "string" },
        database: { type: "string" },
        key: { type: "string" },
        "sign-out": { type: "boolean" },
      },
      allowPositionals: true,
    })
    const [from, ...more] = positionals
    const { data, key, "sign-out": signOut = false } = values
    const database = settings.database.read(values.database ?? "sqlite")
    return from && more.length === 0 && data && database ? { from, data, database, key, signOut } : undefined
  } catch {
    return undefined
  }
}

const noSuchKey = (path: string): Problem => ({
  zh: `${path} 不是操作员密钥文件（由 teahouse backup key 写出），或无法读取。`,
  en: `${path} is no operator key file, as teahouse backup key writes it, or cannot be read.`,
})

function problemsOf(refusal: RestoreRefusal, from: string): readonly Problem[] {
  switch (refusal.kind) {
    case "damaged":
      return sentencesOf(from, refusal.damages)
    case "needs_key":
      return [
        {
          zh: "这份备份已密封。请用 --key 指出操作员密钥文件。",
          en: "This backup is sealed. Name the operator's key file with --key.",
        },
      ]
    case "wrong_key":
      return [
        {
          zh: "操作员密钥不对：这份备份是密封给另一个密钥的。什么都没有写入。",
          en: "That is not the right operator key: this backup is sealed to another one. Nothing was written.",
        },
      ]
    case "not_empty":
      return [
        {
          zh: `${refusal.path} 不是空目录，未作改动。请指定一个空目录。`,
          en: `${refusal.path} is not empty and was left as it is. Name an empty folder.`,
        },
      ]
    case "not_a_folder":
      return [
        {
          zh: `${refusal.path} 不是目录。请指定一个空目录。`,
          en: `${refusal.path} is no folder. Name an empty one.`,
        },
      ]
    case "database_not_empty":
      return [copySentenceOf({ kind: "not_empty", table: refusal.table })]
    case "copy":
      return [copySentenceOf(refusal.refusal)]
  }
}
