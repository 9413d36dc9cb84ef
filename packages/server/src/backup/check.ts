/**
 * Whether a backup is whole: every part by its SHA-256, then the rows against the manifest, each room's hash chain from its
 * entries, and each file that a row speaks of. Nothing is changed; what is wrong is named.
 */
import { createHash } from "node:crypto"
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { DatabaseSync } from "node:sqlite"
import { idFrom } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"
import { blobPlace } from "../blob/folder.ts"
import type { CopyProgress } from "../db/copy.ts"
import { migrations } from "../db/migrations/migrations.ts"
import * as format from "./format.ts"
import { brokenChains, countRows, markOf, storedFiles } from "./rows.ts"

export type Damage =
  /** No folder with a manifest: never finished, or something else. */
  | { readonly kind: "no_backup" }
  /** Made by a program that this one does not know. */
  | { readonly kind: "newer" }
  | { readonly kind: "missing" | "differs"; readonly part: string }
  | { readonly kind: "table"; readonly table: string }
  | { readonly kind: "chain"; readonly room: string; readonly seq: number }

export type Checked = {
  /** undefined: it could not be read. */
  readonly manifest: format.Manifest | undefined
  /** In the order in which they were found; no more than `MOST`. */
  readonly damages: readonly Damage[]
}

/** Who has so many has a damaged disk, and reads no more. */
const MOST = 50
const MANIFEST_BYTES = 64 * 1024 * 1024

/** `rowsToo`: besides the sums. A house whose log was damaged before the backup can still be restored from it. */
export async function checkBackup(
  folder: string,
  rowsToo: boolean,
  onProgress: CopyProgress = () => {},
): Promise<Checked> {
  const read = readManifest(folder)
  if (!("manifest" in read)) return { manifest: undefined, damages: [read] }
  const { manifest } = read
  const damages: Damage[] = []
  const full = () => damages.length >= MOST
  for (const name of new Set([...format.needed(manifest.opaque), ...Object.keys(manifest.parts)])) {
    const wrong = await wrongPart(join(folder, name), manifest.parts[name])
    if (wrong) damages.push({ kind: wrong, part: name })
  }
  const damaged = (part: string) => damages.some((one) => "part" in one && one.part === part)
  const listed = damaged(format.BLOB_SUMS) ? undefined : await blobSums(folder)
  let done = 0
  for (const [name, sha256] of listed ?? []) {
    if (full()) break
    const wrong = await wrongPart(join(folder, name), { sha256 })
    if (wrong) damages.push({ kind: wrong, part: name })
    onProgress("compare", format.BLOBS, ++done, listed?.size ?? done)
  }
  if (listed && rowsToo && !damaged(format.ROWS) && !full())
    damages.push(...wrongRows(folder, manifest, listed, MOST - damages.length))
  return { manifest, damages }
}

function readManifest(folder: string): { readonly manifest: format.Manifest } | Damage {
  const path = join(folder, format.MANIFEST)
  if (!existsSync(path)) return { kind: "no_backup" }
  const differs = { kind: "differs", part: format.MANIFEST } as const
  if (statSync(path).size > MANIFEST_BYTES) return differs
  const content = readFileSync(path)
  let line: string
  try {
    line = readFileSync(join(folder, format.MANIFEST_SUM), "utf8")
  } catch {
    return { kind: "missing", part: format.MANIFEST_SUM }
  }
  const sum = createHash("sha256").update(content).digest("hex")
  if (line !== format.sumLine(sum, format.MANIFEST))
    return /^[0-9a-f]{64} {2}manifest\.json\n$/.test(line)
      ? differs
      : { kind: "differs", part: format.MANIFEST_SUM }
  try {
    const parsed = z.safeDecode(format.manifest, JSON.parse(content.toString("utf8")))
    if (!parsed.success) return { kind: "newer" }
    const newest = Math.max(...migrations.map(({ id }) => id))
    return parsed.data.schema > newest ? { kind: "newer" } : { manifest: parsed.data }
  } catch {
    return differs
  }
}

async function wrongPart(
  path: string,
  want: Partial<format.Part> | undefined,
): Promise<"missing" | "differs" | undefined> {
  try {
    const there = await format.partOf(path)
    const same = there.sha256 === want?.sha256 && (want.bytes ?? there.bytes) === there.bytes
    return same ? undefined : "differs"
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : "differs"
  }
}

/** Path of each file and its sum. The list itself was held against the manifest. */
async function blobSums(folder: string): Promise<Map<string, string>> {
  const sums = new Map<string, string>()
  const lines = createInterface({ input: createReadStream(join(folder, format.BLOB_SUMS)) })
  for await (const line of lines) {
    const [, sum, name] = /^([0-9a-f]{64}) {2}(blobs\/[0-9a-f]{2}\/[0-9a-f]{32})$/.exec(line) ?? []
    if (sum && name) sums.set(name, sum)
  }
  return sums
}

function wrongRows(
  folder: string,
  manifest: format.Manifest,
  listed: ReadonlyMap<string, string>,
  most: number,
): Damage[] {
  const db = new DatabaseSync(join(folder, format.ROWS), { readOnly: true })
  try {
    const damages: Damage[] = []
    const rows = countRows(db)
    for (const table of new Set([...Object.keys(rows), ...Object.keys(manifest.rows)]))
      if (rows[table] !== manifest.rows[table]) damages.push({ kind: "table", table })
    const now = markOf(db)
    const { mark } = manifest
    if (now.rooms !== mark.rooms || now.heads !== mark.heads || now.entries !== mark.entries)
      damages.push({ kind: "table", table: "room" })
    for (const { room, seq } of brokenChains(db, most))
      damages.push({ kind: "chain", room: idFrom(room), seq })
    const missing = new Set(manifest.files.missing)
    for (const { id } of storedFiles(db)) {
      const name = [format.BLOBS, ...blobPlace(idFrom(id))].join("/")
      if (!listed.has(name) && !missing.has(format.hexOf(id))) damages.push({ kind: "missing", part: name })
    }
    return damages.slice(0, most)
  } finally {
    db.close()
  }
}
