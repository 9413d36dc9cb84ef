/** What somebody has picked: the export's main file among it, and its other files by their paths inside of the export. */
import {
  EXPORT_MAX_BYTES,
  exportAmong,
  type NoExport,
  type Parsed,
  parseExport,
} from "@teahouse/client/import/parse.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

export type Found = Parsed & { file(path: string): File | undefined }

/** Of a folder a browser gives every file with a path that begins with the folder's own name. */
const pathOf = (file: File): string => file.webkitRelativePath.split("/").slice(1).join("/") || file.name

export async function foundIn(files: readonly File[]): Promise<Result<Found, NoExport>> {
  const byPath = new Map(files.map((file) => [pathOf(file), file]))
  const [only] = byPath.keys()
  const main = byPath.size === 1 ? only : exportAmong([...byPath.keys()])
  const file = main === undefined ? undefined : byPath.get(main)
  if (main === undefined || !file) return err("not_an_export")
  if (file.size > EXPORT_MAX_BYTES) return err("too_large")
  const folder = file.webkitRelativePath.split("/")[0] || main.replace(/\.\w+$/, "")
  const parsed = parseExport(main, folder, new Uint8Array(await file.arrayBuffer()))
  return parsed.ok ? ok({ ...parsed.value, file: (path) => byPath.get(path) }) : parsed
}
