/**
 * Makes a house of a backup, in an empty folder (and, where one is named, an empty database). Every sum is checked before anything
 * is written. `house.json` comes last: without it nobody opens what was interrupted.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { chmod } from "node:fs/promises"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fromUtf8, sameBytes } from "@teahouse/protocol/bytes.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"
import { folderStore } from "../blob/folder.ts"
import { type CopyProgress, type CopyRefusal, copyRows, tablesOfSchema } from "../db/copy.ts"
import { openDatabase } from "../db/open.ts"
import { openRaw, rawOver } from "../db/open-raw.ts"
import { HOUSE_FILE, type HouseFile, houseKeys, houseOf, opaqueSetup, writeHouse } from "../house/house.ts"
import { takeDataFolder } from "../ops/data-folder.ts"
import { PUSH_FILE } from "../push/vapid.ts"
import { checkBackup, type Damage } from "./check.ts"
import * as format from "./format.ts"
import { beginNewLife } from "./new-life.ts"
import { type OperatorKey, openAsOperator } from "./operator-key.ts"
import { storedFiles } from "./rows.ts"

export type RestoreOptions = {
  readonly from: string
  /** The data folder to be. */
  readonly data: string
  /** `sqlite`, in that folder, or `mysql://…`. */
  readonly database: string
  readonly operatorKey: OperatorKey | undefined
  readonly signOut: boolean
  readonly now: () => number
  readonly onProgress: CopyProgress
}
export type Restored = { readonly manifest: format.Manifest; readonly incarnation: number }
export type RestoreRefusal =
  | { readonly kind: "damaged"; readonly damages: readonly Damage[] }
  | { readonly kind: "not_empty" | "not_a_folder"; readonly path: string }
  | { readonly kind: "needs_key" | "wrong_key" }
  | { readonly kind: "database_not_empty"; readonly table: string }
  | { readonly kind: "copy"; readonly refusal: CopyRefusal }

/** What a fresh file system has of its own, and the lock of a house that never was. */
const NOBODYS = new Set(["lost+found", "house.lock"])
const STAGED = "house.db.unfinished"

export async function restoreBackup(options: RestoreOptions): Promise<Result<Restored, RestoreRefusal>> {
  const { from, data, database, now, onProgress } = options
  const { manifest, damages } = await checkBackup(from, false, onProgress)
  if (!manifest || damages.length > 0) return err({ kind: "damaged", damages })
  const house = await houseFrom(from, manifest, options.operatorKey)
  if (!house.ok) return house
  const taken = takenPlace(data) ?? (await fullTable(database, data))
  if (taken) return err(taken)

  const folder = takeDataFolder(data)
  let done = false
  try {
    const staged = join(data, STAGED)
    copyFileSync(join(from, format.ROWS), staged)
    await chmod(staged, 0o600)
    const rows = new DatabaseSync(staged)
    let next: HouseFile
    let files: ReturnType<typeof storedFiles>
    try {
      next = await beginNewLife(rows, house.value, { time: now(), signOut: options.signOut })
      files = storedFiles(rows)
      if (database !== "sqlite") {
        const copied = await copyInto(database, data, rows, onProgress)
        if (!copied.ok) return copied
      }
    } finally {
      rows.close()
    }
    if (database === "sqlite") {
      await format.syncPath(staged)
      renameSync(staged, join(data, "house.db"))
    } else rmSync(staged)
    await copyFiles(from, data, files, new Set(manifest.files.missing), onProgress)
    if (manifest.parts[format.PUSH])
      await format.writeSynced(join(data, PUSH_FILE), readFileSync(join(from, format.PUSH)))
    await writeHouse(join(data, HOUSE_FILE), next)
    await format.syncPath(data)
    done = true
    return ok({ manifest, incarnation: next.statement.incarnation })
  } finally {
    // It was empty before.
    if (!done)
      for (const name of readdirSync(data))
        if (!NOBODYS.has(name)) rmSync(join(data, name), { recursive: true, force: true })
    folder.release()
  }
}

/** Its keys as they were; what was sealed to the operator is opened. */
async function houseFrom(
  from: string,
  manifest: format.Manifest,
  key: OperatorKey | undefined,
): Promise<Result<HouseFile, RestoreRefusal>> {
  let secret: Uint8Array
  if (manifest.opaque === "sealed") {
    if (!key) return err({ kind: "needs_key" })
    const sealed = readFileSync(join(from, format.SEALED))
    const opened = await openAsOperator(key.privateKey, manifest, sealed)
    if (!opened.ok) return err({ kind: "wrong_key" })
    secret = opened.value
  } else secret = readFileSync(join(from, format.UNSEALED))
  const damaged = (part: string) => err({ kind: "damaged", damages: [{ kind: "differs", part }] } as const)
  try {
    const keys = z.decode(houseKeys, JSON.parse(readFileSync(join(from, format.KEYS), "utf8")))
    const house = { ...keys, opaqueSetup: z.parse(opaqueSetup, fromUtf8(secret)) }
    // Also that its keys belong together.
    return sameBytes(houseOf(house).publicKey, manifest.houseKey) ? ok(house) : damaged(format.KEYS)
  } catch {
    return damaged(format.KEYS)
  }
}

function takenPlace(data: string): RestoreRefusal | undefined {
  if (!existsSync(data)) return undefined
  if (!statSync(data).isDirectory()) return { kind: "not_a_folder", path: data }
  return readdirSync(data).every((name) => NOBODYS.has(name)) ? undefined : { kind: "not_empty", path: data }
}

/** Looked at before anything is brought to this program's schema. */
async function fullTable(url: string, folder: string): Promise<RestoreRefusal | undefined> {
  if (url === "sqlite") return undefined
  const db = await openRaw(url, folder)
  try {
    const there = await db.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    const names = new Set(there.map(({ name }) => name))
    for (const { name } of tablesOfSchema())
      if (names.has(name) && (await db.query(`SELECT 1 AS one FROM ${name} LIMIT 1`)).length > 0)
        return { kind: "database_not_empty", table: name }
    return undefined
  } finally {
    await db.close()
  }
}

async function copyInto(
  url: string,
  folder: string,
  rows: DatabaseSync,
  onProgress: CopyProgress,
): Promise<Result<null, RestoreRefusal>> {
  await (await openDatabase({ url, folder })).close()
  const to = await openRaw(url, folder)
  try {
    const copied = await copyRows(rawOver(rows), to, onProgress)
    return copied.ok ? ok(null) : err({ kind: "copy", refusal: copied.error })
  } finally {
    await to.close()
  }
}

async function copyFiles(
  from: string,
  data: string,
  files: ReturnType<typeof storedFiles>,
  missing: ReadonlySet<string>,
  onProgress: CopyProgress,
): Promise<void> {
  const [source, target] = [folderStore(join(from, format.BLOBS)), folderStore(join(data, "blobs"))]
  let done = 0
  for (const { id, stored } of files) {
    if (!missing.has(format.hexOf(id))) {
      const blob = idFrom(id)
      const { written } = await target.append(blob, 0, source.read(blob, 0, stored), stored)
      if (written !== stored)
        throw Object.assign(new Error("there is no room for the house"), { code: "ENOSPC" })
    }
    onProgress("copy", format.BLOBS, ++done, files.length)
  }
}
