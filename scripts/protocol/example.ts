/**
 * A value that a schema takes, as it travels (JSON), made from the schema alone and always the same: the examples in
 * docs/protocol.md and docs/openapi.json. Binary fields count up, so that nobody takes them for real keys.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { boundsOf, bytesOf, defOf, isIdText } from "./schema-def.ts"

const TIME = 1_767_225_600_000
const bytes = (length: number, from: number) => Uint8Array.from({ length }, (_, i) => (from + i) & 255)

/** What a field's name says of its value. */
const known: Record<string, unknown> = {
  time: TIME,
  expires: TIME + 30 * 86_400_000,
  since: TIME,
  added: TIME,
  seen: TIME,
  username: "li.lei",
  endpoint: "https://push.example.org/one",
  memory: 19_456,
  iterations: 2,
  parallelism: 1,
  major: 1,
}

/** `from`: where the bytes of this field begin to count, by its name, so that ids differ from one another. */
const seed = (name: string) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)

export function example(schema: unknown, name = ""): unknown {
  const def = defOf(schema)
  const { least = 0, most } = def ? boundsOf(def) : {}
  switch (def?.type) {
    case "optional":
    case "nullable":
      return example(def.innerType, name)
    case "string":
      return known[name] ?? "text".padEnd(least, "x").slice(0, most)
    case "int":
    case "number":
      return known[name] ?? Math.max(least, 1)
    case "boolean":
      return false
    case "literal":
      return (def.values as unknown[])[0]
    case "enum":
      return Object.values(def.entries as object)[0]
    case "union":
      return example((def.options as unknown[])[0], name)
    case "record":
      return { count: 1 }
    case "array":
      return Array.from({ length: Math.max(least, 1) }, () => example(def.element, name))
    case "object":
      return Object.fromEntries(
        Object.entries(def.shape as object).map(([key, field]) => [key, example(field, key)]),
      )
    case "custom":
      if (isIdText(schema)) return toBase64url(bytes(16, seed(name)))
      throw new Error("an example of bytes is asked for outside of JSON")
    case "pipe": {
      const bound = bytesOf(def.out)
      if (!bound) throw new Error("a codec without bytes")
      return toBase64url(bytes(Math.max(bound.least, Math.min(bound.most, 24)), seed(name)))
    }
    default:
      throw new Error(`there is no example of ${def?.type}`)
  }
}
