/**
 * The migrations as a script for whoever prepares the database by hand: `mysql -u root -p < sql/mysql/teahouse.sql`, or
 * `source sql/mysql/teahouse.sql`. A house that finds it applied has nothing left to do. It may be run again by nobody: tables
 * that are there already stop it.
 */
import { CREATE } from "./migrate.ts"
import { migrations } from "./migrations/migrations.ts"

export function mysqlScript(): string {
  const lines = [
    "-- Teahouse: database and tables for MySQL 8.0 or MariaDB 10.11 and newer.",
    "-- 茶馆：在 MySQL 8.0、MariaDB 10.11 或更新版本上建立数据库和表。",
    "-- Written by `node scripts/mysql-script.ts` from packages/server/src/db/migrations. 由程序生成，请勿手改。",
    "",
    "CREATE DATABASE IF NOT EXISTS teahouse CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
    "USE teahouse;",
    "",
    `${CREATE};`,
  ]
  for (const { id, name, statements } of migrations) {
    lines.push("", `-- ${id} ${name}`, ...statements.map((one) => `${one.replace(/\n {2}/g, "\n")};`))
    lines.push(`INSERT INTO migration (id, name, applied) VALUES (${id}, '${name}', 0);`)
  }
  return `${lines.join("\n")}\n`
}
