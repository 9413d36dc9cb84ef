/**
 * An export that has grown, or begins later than the one before: what of it is there already is left out, line by line, and the rest is an import
 * of its own. Two alike lines are two, so each that is there stands for one of them. The same two exports give the same rest on every device.
 * A picture that was missing and is in the export now is a new line: left out, it would never come.
 * Rejected: comparing beginnings (a telephone gives the last so many messages, and they begin elsewhere each time).
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { KEY_BYTES, lineKey, namesFile } from "./line-key.ts"
import { keptLines } from "./lines.ts"
import type { ImportedChat, ImportedLine } from "./record.ts"

/** `there`: keys of `KEY_BYTES` each. `isThere`: whether the export really holds this file. */
export async function newLines(
  chat: ImportedChat,
  there: Uint8Array,
  isThere: (path: string, name: string) => Promise<boolean>,
): Promise<{ readonly rest: ImportedChat; readonly known: number }> {
  const left = new Map<string, number>()
  for (let at = 0; at < there.length; at += KEY_BYTES) {
    const key = toBase64url(there.subarray(at, at + KEY_BYTES))
    left.set(key, (left.get(key) ?? 0) + 1)
  }
  const take = (key: string) => {
    const count = left.get(key) ?? 0
    if (count > 0) left.set(key, count - 1)
    return count > 0
  }
  const lines: ImportedLine[] = []
  let known = 0
  for (const line of keptLines(chat)) {
    const [bare, whole] = [false, true].map((hasFile) => toBase64url(lineKey(line, hasFile))) as [
      string,
      string,
    ]
    const { name: from, at, text, path, fileName = "" } = line
    const isKnown =
      path === undefined
        ? take(bare) || (namesFile(text) && take(whole))
        : take(whole) || ((left.get(bare) ?? 0) > 0 && !(await isThere(path, fileName)) && take(bare))
    if (isKnown) known += 1
    else lines.push({ from, at, text, ...(path === undefined ? {} : { file: { name: fileName, path } }) })
  }
  return { rest: { name: chat.name, lines }, known }
}
