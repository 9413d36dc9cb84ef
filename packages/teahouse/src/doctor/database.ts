/** The database: whether it can be reached and used, and whether its COMMIT means what it says. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Configuration } from "@teahouse/server/config.ts"
import { riskOf } from "@teahouse/server/db/mysql-risks.ts"
import { refusedBy } from "@teahouse/server/db/open.ts"
import { openRaw } from "@teahouse/server/db/open-raw.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import { amiss, type Finding, good } from "./finding.ts"

export type DatabaseLook = {
  readonly findings: readonly Finding[]
  /** What its clock says, ms UTC. */
  readonly clock?: number
}

const askOperator = {
  zh: "见 docs/operate.zh-CN.md 中“MySQL 或 MariaDB”一节。",
  en: "See “On MySQL or MariaDB” in docs/operate.md.",
}

export async function lookAtDatabase({
  database,
  data,
}: Pick<Configuration, "database" | "data">): Promise<DatabaseLook> {
  if (database === "sqlite") return { findings: [sqliteFinding(join(data, "house.db"))] }
  try {
    const raw = await openRaw(database, data)
    try {
      const risk = await riskOf(async (sql, values) => [...(await raw.query(sql, values as []))])
      const [row] = await raw.query("SELECT UNIX_TIMESTAMP() AS s, VERSION() AS version")
      const { isOld } = await import("@teahouse/server/db/mysql.ts")
      const version = String(row?.version)
      if (isOld(version))
        return {
          findings: [
            amiss(
              "database",
              "bad",
              refusedBy({ kind: "old_version", found: version }, database).problem,
              askOperator,
            ),
          ],
        }
      const findings = [
        good("database", `数据库可用（${version}）。`, `The database can be used (${version}).`),
        ...(risk ? [amiss("database-commit", "doubtful", risk, askOperator)] : []),
      ]
      return { findings, ...(row ? { clock: Number(row.s) * 1000 } : {}) }
    } finally {
      await raw.close()
    }
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    return { findings: [amiss("database", "bad", error.problem, askOperator)] }
  }
}

function sqliteFinding(path: string): Finding {
  if (!existsSync(path))
    return good("database", "数据库会在首次启动时建立。", "The database is made at the first start.")
  try {
    const file = new DatabaseSync(path, { readOnly: true, timeout: 1_000 })
    try {
      file.prepare("SELECT COUNT(*) FROM sqlite_schema").get()
    } finally {
      file.close()
    }
    return good("database", `数据库 ${path} 可读。`, `The database ${path} can be read.`)
  } catch (error) {
    const { code, errstr = "" } = error as { code?: string; errstr?: string }
    return amiss(
      "database",
      "bad",
      {
        zh: `数据库 ${path} 无法读取（${errstr || code}）。`,
        en: `The database ${path} cannot be read (${errstr || code}).`,
      },
      {
        zh: "请检查权限；若已损坏，用 teahouse restore 从备份恢复到新的目录。",
        en: "Check its rights; if it is damaged, restore a backup into a new folder by teahouse restore.",
      },
    )
  }
}
