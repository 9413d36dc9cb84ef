/**
 * Every statement that a test on MariaDB makes, the house's own and the test's, is held against what MySQL 8.0 takes. A test
 * in which one was made that it would refuse fails, also where its answer was never looked at.
 */
import { createRequire } from "node:module"
import { afterAll, afterEach } from "vitest"
import { foreignToMysql } from "./mysql-words.ts"

type Asked = string | { readonly sql?: unknown }
type Ask = (this: unknown, sql: Asked, ...more: unknown[]) => unknown
const { Connection } = createRequire(import.meta.url)("mysql2") as { Connection: { prototype: object } }
/** Of every connection's class, of pools and promises too. */
const base = Object.getPrototypeOf(Connection.prototype) as Record<"query" | "execute", Ask>

/** The house says the same few hundred texts again and again. */
const known = new Map<string, string | undefined>()
const found: string[] = []

function look(how: "query" | "execute", asked: Asked): void {
  const sql = typeof asked === "string" ? asked : String(asked.sql)
  if (!known.has(sql)) known.set(sql, foreignToMysql(sql))
  const why = known.get(sql)
  if (why) found.push(`${why}: ${sql}`)
  // Numbers go there as floating point, which MySQL does not take for a LIMIT (from 8.0.22 on).
  if (how === "execute" && /\b(?:LIMIT|OFFSET)\s+\?/i.test(sql))
    found.push(`LIMIT ? in a prepared statement: ${sql}`)
}

for (const how of ["query", "execute"] as const) {
  const real = base[how]
  base[how] = function (asked, ...more) {
    look(how, asked)
    return real.call(this, asked, ...more)
  }
}

function fail() {
  const all = found.splice(0)
  if (all.length > 0) throw new Error(`MySQL 8.0 would not take this:\n${[...new Set(all)].join("\n")}`)
}
afterEach(fail)
afterAll(fail)
