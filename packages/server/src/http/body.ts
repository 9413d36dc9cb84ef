/** Bodies and queries become plain data here, and typed values in the next step (server.ts): the one parse at the edge. */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** JSON of one object. An empty body counts as {} so that a request without content needs none. */
export function parseJson(bytes: Uint8Array): Result<unknown, "malformed"> {
  if (bytes.length === 0) return ok({})
  try {
    return ok(JSON.parse(decoder.decode(bytes)))
  } catch {
    return err("malformed")
  }
}

/** A query in which every name stands once. */
export function parseQuery(url: string): Result<Record<string, string>, "malformed"> {
  const at = url.indexOf("?")
  const query: Record<string, string> = Object.create(null)
  if (at < 0) return ok(query)
  for (const [name, value] of new URLSearchParams(url.slice(at + 1))) {
    if (name in query) return err("malformed")
    query[name] = value
  }
  return ok(query)
}
