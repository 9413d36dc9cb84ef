/** Programs that tests drive, found on this machine. */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/** The first of these names that is on the path (or in the system folders that a path may leave out). */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/sbin", "/usr/local/bin"]
  for (const folder of folders)
    for (const name of names) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not here; look further.
      }
    }
  return undefined
}

export const chromiumPath = (): string | undefined =>
  process.env.TEAHOUSE_CHROMIUM ?? findProgram("chromium", "chromium-browser", "google-chrome")
