/**
 * `teahouse db copy --from sqlite --to mysql://…` (or the other way round): moves a house's rows into an empty database and
 * compares every one. The house is closed meanwhile. Keys and files stay where they are.
 */
import { parseArgs } from "node:util"
import { settings } from "@teahouse/server/config/settings.ts"
import type { Problem } from "@teahouse/server/config.ts"
import { type CopyRefusal, copyRows } from "@teahouse/server/db/copy.ts"
import { openDatabase } from "@teahouse/server/db/open.ts"
import { openRaw } from "@teahouse/server/db/open-raw.ts"
import type { Raw } from "@teahouse/server/db/raw.ts"
import { takeDataFolder } from "@teahouse/server/ops/data-folder.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import type { Program } from "./program.ts"
import { progress } from "./progress.ts"
import { fail, say } from "./say.ts"

const usage: Problem = {
  zh: "用法：teahouse db copy --from sqlite --to mysql://用户:密码@地址/数据库 [--data 目录]，也可以反过来。请先关闭服务器。",
  en: "Use: teahouse db copy --from sqlite --to mysql://user:password@host/database [--data FOLDER], or the other way round. Close the house first.",
}

export async function db([what, ...args]: readonly string[], program: Program): Promise<void> {
  const asked = what === "copy" ? read(args) : undefined
  if (!asked) return fail([usage], 2)
  const { from, to, data = program.data ?? "data" } = asked
  const writer = program.assets && { writer: program.assets.writer }
  try {
    const folder = takeDataFolder(data)
    const opened: Raw[] = []
    try {
      // Opened as the house opens them: brought to this program's schema, or refused in the same words.
      for (const url of [from, to])
        await (
          await openDatabase({
            url,
            folder: folder.path,
            alone: true,
            onCopied: (said) => say(said),
            ...writer,
          })
        ).close()
      for (const url of [from, to]) opened.push(await openRaw(url, folder.path, true))
      const [source, target] = opened as [Raw, Raw]
      const copied = await copyRows(source, target, progress)
      if (!copied.ok) return fail([sentenceOf(copied.error)])
      const { tables, rows } = copied.value
      say(
        {
          zh: `完成：${tables} 张表，${rows} 行，逐行核对一致。现在可以在配置中改用新的数据库。`,
          en: `Done: ${tables} tables, ${rows} rows, each compared. Name the new database in the configuration now.`,
        },
        console.log,
      )
    } finally {
      for (const one of opened) await one.close()
      folder.release()
    }
  } catch (error) {
    if (error instanceof StartRefused) return fail([error.problem], error.exit)
    throw error
  }
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        from: { type: "string" },
        to: { type: "string" },
        data: { type: "string" },
      },
    })
    const from = values.from && settings.database.read(values.from)
    const to = values.to && settings.database.read(values.to)
    return from && to && from !== to ? { from, to, ...(values.data ? { data: values.data } : {}) } : undefined
  } catch {
    return undefined
  }
}

export function sentenceOf(refusal: CopyRefusal): Problem {
  switch (refusal.kind) {
    case "not_empty":
      return {
        zh: `目标数据库不是空的（${refusal.table}）。请指定一个空数据库；中断过的复制请先清空再重来。`,
        en: `The database to copy into is not empty (${refusal.table}). Name an empty one; after an interrupted copy, empty it first.`,
      }
    case "differs":
      return {
        zh: `核对时发现不同：${refusal.table} 第 ${refusal.row + 1} 行。请确认没有服务器在使用这两个数据库，清空目标后重试。`,
        en: `They differ: ${refusal.table}, row ${refusal.row + 1}. See that no house uses either of them, empty the target, and try again.`,
      }
  }
}
