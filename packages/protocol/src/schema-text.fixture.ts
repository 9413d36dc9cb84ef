/**
 * A schema as one canonical line, for the version lock. JSON Schema would not do: it has no place for codecs and for the
 * bounds of binary fields, and these are exactly what an older peer trips over.
 */
import * as z from "zod/mini"

type Def = { readonly type?: string; readonly check?: string; readonly [key: string]: unknown }
const defOf = (value: unknown): Def | undefined =>
  typeof value === "object" && value !== null && "_zod" in value
    ? (value as { _zod: { def: Def } })._zod.def
    : undefined

const room = new Uint8Array(2 ** 24)
const accepts = (schema: z.ZodMiniType, value: unknown) => z.safeParse(schema, value).success

/** A custom check is a function; what it accepts is found out by asking. */
function probe(schema: z.ZodMiniType): string {
  const bytes = (length: number) => accepts(schema, room.subarray(0, length))
  let least = 0
  while (least <= 512 && !bytes(least)) least++
  if (least > 512) return accepts(schema, "A".repeat(22)) && !accepts(schema, "A".repeat(21)) ? "id" : "any"
  if (accepts(schema, "text")) return "any"
  let most = least
  for (let step = 2 ** 23; step >= 1; step /= 2)
    if (most + step <= room.length && bytes(most + step)) most += step
  return `bytes ${least}..${most}`
}

export function schemaText(value: unknown): string {
  const def = defOf(value)
  if (def) {
    if (def.type === "custom") return `<${probe(value as z.ZodMiniType)}>`
    const parts = Object.keys(def)
      .sort()
      .filter((key) => def[key] !== undefined && key !== "error")
      .map((key) => `${key}:${schemaText(def[key])}`)
    return `<${parts.join(" ")}>`
  }
  if (value instanceof RegExp) return String(value)
  if (typeof value === "function") return "fn"
  if (typeof value === "bigint") return String(value)
  if (Array.isArray(value)) return `[${value.map(schemaText).join(" ")}]`
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}:${schemaText(item)}`)
      .join(" ")}}`
  return JSON.stringify(value) ?? "undefined"
}
