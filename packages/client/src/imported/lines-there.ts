/** What of an export of the same chat stands in a chat already, as keys (import/line-key.ts). Deleted lines are not among them. */
import type { Home } from "../home.ts"
import { KEY_BYTES, lineKey } from "../import/line-key.ts"
import { lineIn } from "../view/imported.ts"
import type { ImportOf } from "../view/port/imports.ts"
import { blocksOf } from "./imports.ts"
import { IMPORTED_INCARNATION } from "./place.ts"

export async function linesThere(
  { imports, history }: Pick<Home, "imports" | "history">,
  { room, source, title }: Pick<ImportOf, "room" | "source" | "title">,
): Promise<Uint8Array> {
  const keys: Uint8Array[] = []
  for (const head of imports.of(room)) {
    if (head.source !== source || head.title !== title) continue
    for (const number of blocksOf(head))
      for (const entry of await history.block(room, IMPORTED_INCARNATION, number)) {
        const line = lineIn(entry)
        if (line) keys.push(lineKey(line, line.file !== undefined))
      }
  }
  const all = new Uint8Array(keys.length * KEY_BYTES)
  for (const [n, key] of keys.entries()) all.set(key, n * KEY_BYTES)
  return all
}
