/** Where the files of an import went, by the import and the file's place in it: an import that goes on sends none a second time. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import type { ImportDoing } from "@teahouse/client/import/run.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"

export function openSent(file: string): ImportDoing["sent"] {
  const all = readSent(file)
  return {
    get: (digest, path) => all[toBase64url(digest)]?.[path],
    set(digest, path, seq) {
      const name = toBase64url(digest)
      all[name] = { ...all[name], [path]: seq }
      writeFileSync(`${file}.new`, JSON.stringify(all), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}

/** One that cannot be read is none: files may go a second time, and nothing is lost. */
function readSent(file: string): Record<string, Record<string, number>> {
  try {
    const value: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}
    return value !== null && typeof value === "object" ? (value as ReturnType<typeof readSent>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
