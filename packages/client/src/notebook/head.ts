/**
 * The notebook's head (SECURITY "History and notebook"): how many writes have made it what it is, and a hash over every record's
 * name and version. Each write raises one version by one, so an honest house has exactly one hash for each count, for all devices.
 */
import { concat, fromBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"

export type NotebookHead = { readonly counter: number; readonly hash: Uint8Array }

/** `versions`: of each record, by the base64url of its 32-byte id. */
export function headOf(versions: ReadonlyMap<string, number>): NotebookHead {
  let counter = 0
  const parts: Uint8Array[] = []
  for (const [id, version] of [...versions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    counter += version
    const number = new Uint8Array(8)
    new DataView(number.buffer).setBigUint64(0, BigInt(version))
    parts.push(fromBase64url(id) ?? new Uint8Array(), number)
  }
  return { counter, hash: sha256(concat(...parts)) }
}
