/**
 * Administration beside a house that may be open: its database, found by the same configuration. Nothing is migrated: that is for the
 * house, at its next start. Rejects with `StartRefused` where the database cannot be opened.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Configuration } from "../config.ts"
import { migrations } from "../db/migrations/migrations.ts"
import { openDatabase } from "../db/open.ts"
import { openRaw } from "../db/open-raw.ts"
import { type Administration, createAdministration } from "./acts.ts"

export type OpenedAdministration = {
  readonly administration: Administration
  readonly close: () => Promise<void>
}
export type AdminOpenRefusal =
  | { readonly kind: "no_house"; readonly path: string }
  | { readonly kind: "older_schema" | "newer_schema" }

export async function openAdministration(
  { data, database }: Pick<Configuration, "data" | "database">,
  tools: {
    readonly now: () => number
    readonly random: (length: number) => Uint8Array
    readonly writer?: URL
  },
): Promise<Result<OpenedAdministration, AdminOpenRefusal>> {
  if (database === "sqlite" && !existsSync(join(data, "house.db")))
    return err({ kind: "no_house", path: data })
  const refused = await objectionTo(database, data)
  if (refused) return err(refused)
  const { now, random, writer } = tools
  const db = await openDatabase({ url: database, folder: data, ...(writer ? { writer } : {}) })
  const pause = async () => {}
  return ok({ administration: createAdministration({ db, now, random, pause }), close: () => db.close() })
}

async function objectionTo(database: string, data: string): Promise<AdminOpenRefusal | undefined> {
  const raw = await openRaw(database, data)
  try {
    const [newest] = await raw.query("SELECT MAX(id) AS id FROM migration").catch(() => [])
    const known = Math.max(...migrations.map(({ id }) => id))
    const there = Number(newest?.id ?? 0)
    if (there === 0) return { kind: "no_house", path: data }
    if (there !== known) return { kind: there > known ? "newer_schema" : "older_schema" }
    return undefined
  } finally {
    await raw.close()
  }
}
