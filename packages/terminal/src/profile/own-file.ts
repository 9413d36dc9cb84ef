/** A file that only its owner may read and write, made before anything is put into it. What SQLite lays beside a database has its mode. */
import { chmodSync, closeSync, openSync } from "node:fs"

export function ownFile(path: string): string {
  if (path === ":memory:") return path
  closeSync(openSync(path, "a", 0o600))
  // One that an older version has made.
  chmodSync(path, 0o600)
  return path
}
