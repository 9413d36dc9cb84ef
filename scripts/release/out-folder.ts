/** Where a release goes is emptied first, so that nothing of an older one stands beside it; but only of what a release puts there. */
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"

const OURS = /^(?:teahouse-\d.*|LICENSES\.txt|SHA256SUMS)$/

/** The names of what is not a release's; then nothing has been touched. */
export function emptyOut(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(folder)
  const foreign = names.filter((name) => !OURS.test(name))
  if (foreign.length === 0) for (const name of names) rmSync(join(folder, name))
  return foreign
}
