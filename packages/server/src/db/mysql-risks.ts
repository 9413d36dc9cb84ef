/**
 * Settings of a server under which a COMMIT is answered before it is on stable storage: what was acknowledged may then be gone
 * after a power cut. That is the operator's choice, so the house opens, and says it at each start.
 */
import type { Problem } from "../config.ts"
import type { Query } from "../room/append-mysql.ts"

/** undefined: a COMMIT is one. */
export async function riskOf(query: Query): Promise<Problem | undefined> {
  const [row] = (await query(
    "SELECT @@innodb_flush_log_at_trx_commit AS flush, @@sync_binlog AS sync, @@log_bin AS log",
    [],
  )) as { flush: number; sync: number; log: number }[]
  if (!row) return undefined
  const found = [
    ...(row.flush === 1 ? [] : [`innodb_flush_log_at_trx_commit = ${row.flush}`]),
    ...(row.log === 0 || row.sync === 1 ? [] : [`sync_binlog = ${row.sync}`]),
  ]
  if (found.length === 0) return undefined
  return {
    zh: `数据库服务器设置了 ${found.join("、")}：断电时，已确认的消息可能丢失。请在数据库的配置中改为 1。`,
    en: `The database server has ${found.join(" and ")}: messages that were acknowledged may be lost in a power cut. Set it to 1 in the database's own configuration.`,
  }
}
