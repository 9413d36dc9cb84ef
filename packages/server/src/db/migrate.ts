/**
 * Brings a database to this program's schema. Which migrations it has stands in the table `migration`; one that this
 * program does not know means that a newer program has been here, and running on would damage what it wrote.
 *
 * The runner only needs to execute and to read, so that it serves SQLite (each migration in one transaction) and MySQL
 * (where statements that define tables commit by themselves, whatever one asks for).
 */
import type { Migration } from "./migrations/migrations.ts"

export type MigrationTarget = {
  readonly execute: (sql: string) => Promise<void>
  readonly appliedIds: () => Promise<readonly number[]>
  /** Runs `body` in a transaction where the database can undo table definitions. */
  readonly atomically: (body: () => Promise<void>) => Promise<void>
}

export type MigrationRefusal = {
  readonly kind: "newer_schema"
  readonly id: number
  readonly message: string
}

export const CREATE = `CREATE TABLE IF NOT EXISTS migration (
  id INT NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL, applied BIGINT NOT NULL)`

/** Returns the refusal, or undefined once the schema is up to date. */
export async function migrate(
  target: MigrationTarget,
  known: readonly Migration[],
  now: number,
): Promise<MigrationRefusal | undefined> {
  await target.execute(CREATE)
  const applied = new Set(await target.appliedIds())
  const newest = Math.max(0, ...applied)
  if (newest > Math.max(0, ...known.map((m) => m.id)))
    return { kind: "newer_schema", id: newest, message: sentence }
  for (const migration of known) {
    if (applied.has(migration.id)) continue
    await target.atomically(async () => {
      for (const statement of migration.statements) await target.execute(statement)
      await target.execute(
        `INSERT INTO migration (id, name, applied) VALUES (${migration.id}, '${migration.name}', ${now})`,
      )
    })
  }
  return undefined
}

const sentence =
  "这个数据库由更新版本的 Teahouse 写成，请升级程序后再打开。 " +
  "This database was written by a newer Teahouse. Upgrade the program to open it."
