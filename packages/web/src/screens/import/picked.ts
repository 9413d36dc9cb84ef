/** What somebody has picked: the export's main file among it, and its other files by their paths inside of the export. */
import {
  EXPORT_MAX_BYTES,
  exportAmong,
  type NoExport,
  type Parsed,
  parseExport,
} from "@teahouse/client/import/parse.ts"
import { isArchive, type UnreadWhy } from "@teahouse/client/import/record.ts"
import { typeOfName } from "@teahouse/client/media/type-of-name.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

export type Found = Parsed & { file(path: string): Promise<File | UnreadWhy> }

/** Of a folder a browser gives every file with a path that begins with the folder's own name. */
const pathOf = (file: File): string => file.webkitRelativePath.split("/").slice(1).join("/") || file.name

/** What unpacks is loaded with the first archive. */
async function inArchive(archive: File): Promise<Result<Found, NoExport>> {
  const { readArchive } = await import("@teahouse/client/import/archive.ts")
  const read = await readArchive(archive, archive.name)
  if (!read.ok) return read
  const file = async (path: string) => {
    const found = await read.value.file(path)
    const name = path.split("/").at(-1) ?? path
    return typeof found === "string" ? found : new File([found], name, { type: typeOfName(name) })
  }
  return ok({ ...read.value, file })
}

export async function foundIn(files: readonly File[]): Promise<Result<Found, NoExport>> {
  const byPath = new Map(files.map((file) => [pathOf(file), file]))
  const [only] = byPath.keys()
  const main = byPath.size === 1 ? only : exportAmong([...byPath.keys()])
  const file = main === undefined ? undefined : byPath.get(main)
  if (main === undefined || !file) return err("not_an_export")
  if (isArchive(main)) return inArchive(file)
  if (file.size > EXPORT_MAX_BYTES) return err("too_large")
  const folder = file.webkitRelativePath.split("/")[0] || main.replace(/\.\w+$/, "")
  const parsed = parseExport(main, folder, new Uint8Array(await file.arrayBuffer()))
  return parsed.ok
    ? ok({ ...parsed.value, file: async (path) => byPath.get(path) ?? "file_not_included" })
    : parsed
}
