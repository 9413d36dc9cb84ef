/**
 * Takes a backup of a house that is open or closed: the rows as of one moment, then the files that they speak of, then the
 * manifest. Written beside and renamed when everything is on stable storage: what was interrupted has no manifest and not the
 * name that was asked for.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs"
import { open, readFile, rename } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { sameBytes, utf8 } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes, idFrom, newId } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"
import { blobPlace, folderStore } from "../blob/folder.ts"
import { openBlobStore } from "../blob/open.ts"
import { type BlobStore, isAway } from "../blob/port.ts"
import type { Configuration } from "../config.ts"
import type { CopyProgress } from "../db/copy.ts"
import { migrations } from "../db/migrations/migrations.ts"
import { openRaw } from "../db/open-raw.ts"
import { HOUSE_FILE, type HouseFile, houseKeys, readHouse } from "../house/house.ts"
import { PUSH_FILE } from "../push/vapid.ts"
import * as format from "./format.ts"
import { holdBlobs } from "./hold.ts"
import { type SealedFor, sealToOperator } from "./operator-key.ts"
import { countRows, markOf, schemaOf, storedFiles } from "./rows.ts"
import { snapshot } from "./snapshot.ts"

export type TakeOptions = {
  readonly configuration: Pick<Configuration, "data" | "database" | "keys" | "blobs" | "s3">
  /** The folder to be made, or one that is there, in which it is made. */
  readonly to: string
  /** undefined: the OPAQUE secret is written as it is. */
  readonly operatorKey: Uint8Array | undefined
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  readonly onProgress: CopyProgress
}
export type Taken = { readonly path: string; readonly manifest: format.Manifest }
export type TakeRefusal =
  | {
      readonly kind: "no_house" | "exists" | "no_folder" | "keys_differ" | "keys_damaged"
      readonly path: string
    }
  | { readonly kind: "older_schema" | "newer_schema" | "bad_key" }

export async function takeBackup(options: TakeOptions): Promise<Result<Taken, TakeRefusal>> {
  const { configuration, now, random } = options
  const { data, database } = configuration
  const keys = configuration.keys ?? data
  const place = placeOf(options.to, now())
  if (!place.ok) return place
  const path = place.value
  if (database === "sqlite" && !existsSync(join(data, "house.db")))
    return err({ kind: "no_house", path: data })
  let house: HouseFile | undefined
  try {
    house = await readHouse(join(keys, HOUSE_FILE))
  } catch {
    return err({ kind: "keys_damaged", path: join(keys, HOUSE_FILE) })
  }
  if (!house) return err({ kind: "no_house", path: keys })

  const db = await openRaw(database, data)
  try {
    // When its log is folded into its file is the house's own affair.
    if (database === "sqlite") await db.query("PRAGMA wal_autocheckpoint = 0")
    const refused = await objectionTo(db, house, keys)
    if (refused) return err(refused)
    const of = { house: house.house, backup: newId(random) }
    const opaque = await opaquePart(options.operatorKey, of, utf8(house.opaqueSetup))
    if (!opaque) return err({ kind: "bad_key" })
    const stage = join(dirname(path), `.${basename(path)}.${of.backup.slice(0, 8)}.unfinished`)
    mkdirSync(stage, { mode: 0o700 })
    const hold = await holdBlobs(db, of.backup, now)
    try {
      const manifest = await fill(stage, house, of, opaque, options)
      await format.syncPath(stage)
      await rename(stage, path)
      await format.syncPath(dirname(path))
      return ok({ path, manifest })
    } catch (error) {
      rmSync(stage, { recursive: true, force: true })
      throw error
    } finally {
      await hold.release()
    }
  } finally {
    await db.close()
  }
}

function placeOf(to: string, now: number): Result<string, TakeRefusal> {
  const path = resolve(to)
  if (!existsSync(path))
    return existsSync(dirname(path)) ? ok(path) : err({ kind: "no_folder", path: dirname(path) })
  if (!statSync(path).isDirectory() || existsSync(join(path, format.MANIFEST)))
    return err({ kind: "exists", path })
  // As 20261127T163517Z: sorted by name they are sorted by time.
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")
  const inside = join(path, `teahouse-${stamp}`)
  return existsSync(inside) ? err({ kind: "exists", path: inside }) : ok(inside)
}

async function objectionTo(
  db: Awaited<ReturnType<typeof openRaw>>,
  house: HouseFile,
  keys: string,
): Promise<TakeRefusal | undefined> {
  const [newest] = await db.query("SELECT MAX(id) AS id FROM migration").catch(() => [])
  const known = Math.max(...migrations.map(({ id }) => id))
  const there = Number(newest?.id ?? 0)
  if (there !== known) return { kind: there > known ? "newer_schema" : "older_schema" }
  const [row] = await db.query("SELECT id FROM house")
  if (!row) return { kind: "no_house", path: keys }
  return sameBytes(row.id as Uint8Array, idBytes(house.house))
    ? undefined
    : { kind: "keys_differ", path: keys }
}

type OpaquePart = Pick<format.Manifest, "opaque" | "operatorKey"> & {
  readonly name: string
  readonly content: Uint8Array
}
async function opaquePart(
  operatorKey: Uint8Array | undefined,
  of: SealedFor,
  secret: Uint8Array,
): Promise<OpaquePart | undefined> {
  if (!operatorKey) return { opaque: "unsealed", name: format.UNSEALED, content: secret }
  const content = await sealToOperator(operatorKey, of, secret)
  return content && { opaque: "sealed", operatorKey, name: format.SEALED, content }
}

async function fill(
  stage: string,
  house: HouseFile,
  of: SealedFor,
  { name, content, ...opaque }: OpaquePart,
  { configuration, now, onProgress }: TakeOptions,
): Promise<format.Manifest> {
  const { data, database, keys = data } = configuration
  const { incarnation } = house.statement
  const blobs = await openBlobStore(configuration, { house: house.house, incarnation })
  const time = now()
  await snapshot(database, data, join(stage, format.ROWS), onProgress)
  const { opaqueSetup: _, ...kept } = house
  await format.writeSynced(join(stage, format.KEYS), JSON.stringify(z.encode(houseKeys, kept), null, 2))
  await format.writeSynced(join(stage, name), content)
  const push = join(keys, PUSH_FILE)
  if (existsSync(push)) await format.writeSynced(join(stage, format.PUSH), await readFile(push))

  const db = new DatabaseSync(join(stage, format.ROWS), { readOnly: true })
  let facts: Pick<format.Manifest, "incarnation" | "schema" | "mark" | "rows" | "files">
  try {
    facts = {
      incarnation: Number(db.prepare("SELECT incarnation FROM house").get()?.incarnation),
      schema: schemaOf(db),
      mark: markOf(db),
      rows: countRows(db),
      files: await copyFiles(blobs, stage, storedFiles(db), onProgress),
    }
  } finally {
    db.close()
  }

  const parts: Record<string, format.Part> = {}
  const names = [
    ...format.needed(opaque.opaque),
    ...(existsSync(join(stage, format.PUSH)) ? [format.PUSH] : []),
  ]
  for (const one of names) parts[one] = await format.partOf(join(stage, one))
  const { backup, house: id } = of
  const made = {
    format: format.FORMAT,
    backup,
    house: id,
    houseKey: house.publicKey,
    time,
    ...facts,
    ...opaque,
    parts,
  } as const
  const written = JSON.stringify(z.encode(format.manifest, made), null, 2)
  await format.writeSynced(join(stage, format.MANIFEST), written)
  const sum = createHash("sha256").update(written).digest("hex")
  await format.writeSynced(join(stage, format.MANIFEST_SUM), format.sumLine(sum, format.MANIFEST))
  return made
}

/** A house that has lost a file can be backed up all the same; which ones is said. */
async function copyFiles(
  from: BlobStore,
  stage: string,
  files: ReturnType<typeof storedFiles>,
  onProgress: CopyProgress,
): Promise<format.Manifest["files"]> {
  const to = folderStore(join(stage, format.BLOBS))
  const missing: string[] = []
  let [count, bytes] = [0, 0]
  const sums = await open(join(stage, format.BLOB_SUMS), "wx", 0o600)
  try {
    for (const { id, stored } of files) {
      const blob = idFrom(id)
      const sha256 = await copyFile(from, to, blob, stored)
      if (sha256 === undefined) missing.push(format.hexOf(id))
      else {
        await sums.write(format.sumLine(sha256, [format.BLOBS, ...blobPlace(blob)].join("/")))
        count++
        bytes += stored
      }
      onProgress("copy", format.BLOBS, count + missing.length, files.length)
    }
    await sums.sync()
  } finally {
    await sums.close()
  }
  return { count, bytes, missing }
}

/** Its first `stored` bytes, which are what its row speaks of. undefined: the house has less. */
async function copyFile(
  from: BlobStore,
  to: BlobStore,
  blob: Id,
  stored: number,
): Promise<string | undefined> {
  if (((await from.size(blob)) ?? 0) < stored) return undefined
  const hash = createHash("sha256")
  let away: unknown
  const hashed = async function* () {
    try {
      for await (const part of from.read(blob, 0, stored)) {
        hash.update(part)
        yield part
      }
    } catch (error) {
      if (isAway(error)) away = error
      throw error
    }
  }
  const { written, problem } = await to.append(blob, 0, hashed(), stored)
  if (problem) throw Object.assign(new Error("there is no room for the backup"), { code: "ENOSPC" })
  // What cannot be reached for now is not lost: no backup rather than one without it.
  if (away) throw away
  if (written === stored) return hash.digest("hex")
  await to.remove(blob)
  return undefined
}
