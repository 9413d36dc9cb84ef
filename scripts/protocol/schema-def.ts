/** What a schema is made of, as far as the documents need it. Custom checks are functions: they are asked. */
import * as z from "zod/mini"

export type Def = { readonly type?: string; readonly [key: string]: unknown }

export const defOf = (value: unknown): Def | undefined =>
  typeof value === "object" && value !== null && "_zod" in value
    ? (value as { _zod: { def: Def } })._zod.def
    : undefined

const accepts = (schema: unknown, value: unknown) => z.safeParse(schema as z.ZodMiniType, value).success

/** A custom schema that takes an id's base64url text. */
export const isIdText = (schema: unknown): boolean =>
  defOf(schema)?.type === "custom" && accepts(schema, "A".repeat(22)) && !accepts(schema, "A".repeat(21))

const room = new Uint8Array(2 ** 24)

/** The least and most bytes that a custom schema takes; undefined where it does not speak of bytes. */
export function bytesOf(schema: unknown): { least: number; most: number } | undefined {
  const takes = (length: number) => accepts(schema, room.subarray(0, length))
  let least = 0
  while (least <= 512 && !takes(least)) least++
  if (least > 512) return undefined
  let most = least
  for (let step = 2 ** 23; step >= 1; step /= 2)
    if (most + step <= room.length && takes(most + step)) most += step
  return { least, most }
}

/** Checks and the bounds that a schema has of itself, by name. */
export function boundsOf(def: Def): { least?: number; most?: number } {
  const out: { least?: number; most?: number } = {}
  const checks = Array.isArray(def.checks) ? def.checks : []
  for (const check of checks.map(defOf)) {
    if (!check) continue
    if (check.check === "min_length") out.least = check.minimum as number
    if (check.check === "max_length") out.most = check.maximum as number
    // Exclusive bounds are not used by any schema.
    if (check.check === "greater_than") out.least = check.value as number
    if (check.check === "less_than") out.most = check.value as number
  }
  return out
}
