/**
 * `node:sqlite` in the shape that Kysely's SqliteDialect expects. Compiled statements are kept by their text: Kysely
 * hands over the same few texts again and again, and compiling costs more than running.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import { Kysely, SqliteDialect } from "kysely"
import type { MigrationTarget } from "./migrate.ts"
import type { Schema } from "./schema.ts"

const KEPT = 300

export function kyselyOver(sqlite: DatabaseSync): Kysely<Schema> {
  const kept = new Map<string, ReturnType<typeof adapt>>()
  const prepare = (sql: string) => {
    const known = kept.get(sql)
    if (known) return known
    const oldest = kept.size >= KEPT ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    const made = adapt(sqlite.prepare(sql))
    kept.set(sql, made)
    return made
  }
  return new Kysely<Schema>({
    dialect: new SqliteDialect({ database: { prepare, close: () => sqlite.close() } }),
  })
}

export const sqliteTarget = (sqlite: DatabaseSync): MigrationTarget => ({
  execute: async (sql) => sqlite.exec(sql),
  appliedIds: async () =>
    sqlite
      .prepare("SELECT id FROM migration")
      .all()
      .map((row) => Number(row.id)),
  atomically: async (body) => {
    sqlite.exec("BEGIN IMMEDIATE")
    try {
      await body()
      sqlite.exec("COMMIT")
    } catch (error) {
      sqlite.exec("ROLLBACK")
      throw error
    }
  },
})

const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]

function adapt(statement: StatementSync) {
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
  }
}
