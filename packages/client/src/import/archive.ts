/**
 * An export inside a .zip, as telephones give it: read where it lies, one file at a time, and never unpacked onto a disk. A file is found by the
 * name that the export's text gives it, among names that stay inside of the archive, so no path leads anywhere else.
 *
 * What it may cost: the archive says how large each file becomes, and none becomes larger than that (`unzipit` stops there). Pictures and films hardly
 * shrink and text does by ten, so an archive that grows more than twentyfold as a whole is none of an export; its files lying over one another
 * are counted each. A file's CRC-32 is compared, for a bit that has turned in a text is a wrong word and no error.
 * Rejected: fflate (the whole archive in memory, no CRC either), zip.js (eight times the code).
 */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { unzipRaw, type ZipEntry } from "unzipit"
import { crc32 } from "./crc32.ts"
import { EXPORT_MAX_BYTES, exportAmong, type NoExport, type Parsed, parseExport } from "./parse.ts"
import { insidePath, type UnreadWhy } from "./record.ts"

/** Bytes of one file of it. */
const FILE_MAX = 512 * 1024 * 1024
const FILES_MAX = 200_000
const GROWTH = 20
/** What even the smallest archive may become. */
const FREE = 64 * 1024 * 1024

export type ArchivedExport = Parsed & { file(path: string): Promise<Blob | UnreadWhy> }

/** `name`: of the archive, without its folder. */
export async function readArchive(archive: Blob, name: string): Promise<Result<ArchivedExport, NoExport>> {
  let entries: readonly ZipEntry[]
  try {
    entries = (await unzipRaw(archive)).entries
  } catch {
    return err("damaged_archive")
  }
  if (entries.length > FILES_MAX) return err("too_large")
  const whole = entries.reduce((sum, { size }) => sum + size, 0)
  if (whole > FREE + GROWTH * archive.size) return err("too_large")
  const files = filesOf(entries)
  const main = exportAmong([...files.keys()])
  const entry = main === undefined ? undefined : files.get(main)
  if (main === undefined || !entry) return err("not_an_export")
  if (entry.size > EXPORT_MAX_BYTES) return err("too_large")
  if (entry.encrypted) return err("locked_archive")
  const bytes = await bytesOf(entry)
  if (!bytes) return err("damaged_archive")
  const parsed = parseExport(main, name.replace(/\.zip$/i, ""), bytes)
  if (!parsed.ok) return parsed
  return ok({
    ...parsed.value,
    async file(path) {
      const one = files.get(path)
      if (!one) return "file_not_included"
      if (one.size > FILE_MAX) return "too_large"
      if (one.encrypted) return "damaged"
      const found = await bytesOf(one)
      return found ? new Blob([found]) : "damaged"
    },
  })
}

/** By their paths inside of the export, which may lie in a folder of its own; what leads elsewhere is not among them. */
function filesOf(entries: readonly ZipEntry[]): ReadonlyMap<string, ZipEntry> {
  const files = entries.flatMap((entry) => {
    const path = entry.isDirectory || entry.name.startsWith("__MACOSX/") ? undefined : insidePath(entry.name)
    return path === undefined ? [] : [[path, entry] as const]
  })
  const folder = `${files[0]?.[0].split("/")[0]}/`
  const nested = files.every(([path]) => path.startsWith(folder))
  return new Map(files.map(([path, entry]) => [nested ? path.slice(folder.length) : path, entry]))
}

/** Undefined: it is not what the archive says that it is. */
async function bytesOf(entry: ZipEntry): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    // Once in memory, and not a second time while its parts are joined.
    const bytes = new Uint8Array(entry.size)
    let at = 0
    for (const reader = (await entry.stream()).getReader(); ; ) {
      const { done, value } = await reader.read()
      if (done) break
      bytes.set(value, at)
      at += value.length
    }
    return at === bytes.length && crc32(bytes) === saidCrc(entry) ? bytes : undefined
  } catch {
    return undefined
  }
}

/** The library has it and does not say it; a test fails where another version keeps it elsewhere. */
const saidCrc = (entry: ZipEntry): unknown =>
  (entry as unknown as { _rawEntry?: { crc32?: unknown } })._rawEntry?.crc32
