/**
 * Reading what a peer of a newer minor says (docs/decisions/43). A minor is what an older peer can ignore, so it is ignored: fields that no
 * schema here names, and words of a list that are not among its words. Whatever else is wrong stays wrong. One schema says what is
 * right, strictly, for every peer: a second one that is loose would have to be kept equal to it.
 */
import * as z from "zod/mini"

/** Of objects and lists inside of each other some checks come only when the rest is right. */
const TURNS = 3

/** `value` is the reader's own: what is left out is taken away from it. */
export function decodeNewer<S extends z.ZodMiniType>(schema: S, value: unknown) {
  for (let turn = 1; ; turn++) {
    const parsed = z.safeDecode(schema, value as z.input<S>)
    if (parsed.success || turn === TURNS) return parsed
    // From the end, so that the places of a list stay what they were.
    for (const issue of parsed.error.issues.toReversed()) if (!leaveOut(value, issue)) return parsed
  }
}

function leaveOut(whole: unknown, issue: z.core.$ZodIssue): boolean {
  const path = [...issue.path]
  const unknown = issue.code === "unrecognized_keys" ? issue.keys : undefined
  const last = unknown ? undefined : path.pop()
  let at = whole as Record<PropertyKey, unknown>
  for (const step of path) at = at[step] as typeof at
  if (unknown) {
    // Bytes where a map should be have keys, too.
    if (ArrayBuffer.isView(at) || Array.isArray(at)) return false
    for (const key of unknown) delete at[key]
  } else {
    if (issue.code !== "invalid_value" || !Array.isArray(at) || typeof at[last as number] !== "string")
      return false
    at.splice(last as number, 1)
  }
  return true
}
