/** A schema in words for docs/protocol.md: a short type for each field, bounds included. */
import { boundsOf, bytesOf, defOf, isIdText } from "./schema-def.ts"

const number = (value: number) => value.toLocaleString("en-US")

function span(least: number, most: number): string {
  return least === most ? number(least) : `${number(least)}–${number(most)}`
}

/** `nameOf`: of objects that have a section of their own. */
export function words(schema: unknown, nameOf: (schema: unknown) => string | undefined): string {
  const name = nameOf(schema)
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`
  const def = defOf(schema)
  const inner = (value: unknown) => words(value, nameOf)
  const { least, most } = def ? boundsOf(def) : {}
  switch (def?.type) {
    case "optional":
      return inner(def.innerType)
    case "nullable":
      return `${inner(def.innerType)} or null`
    case "string":
      return most === undefined ? "text" : `text, ${span(least ?? 0, most)} characters`
    case "int":
    case "number":
      if (most !== undefined) return `whole number, ${span(least ?? 0, most)}`
      return least === undefined ? "whole number" : `whole number ≥ ${number(least)}`
    case "boolean":
      return "true or false"
    case "literal":
      return (def.values as unknown[]).map((value) => `\`${JSON.stringify(value)}\``).join(" or ")
    case "enum":
      return Object.values(def.entries as object)
        .map((value) => `\`${value}\``)
        .join(", ")
    case "union":
      return (def.options as unknown[]).map(inner).join(" or ")
    case "record":
      return `object of ${inner(def.valueType)}`
    case "array": {
      const bound = most === undefined ? "" : `, ${span(least ?? 0, most)}`
      return `array of ${inner(def.element)}${bound}`
    }
    case "object":
      return `{ ${Object.entries(def.shape as object)
        .map(([key, field]) => `\`${key}\`${isOptional(field) ? "?" : ""}: ${inner(field)}`)
        .join("; ")} }`
    case "custom": {
      if (isIdText(schema)) return "id"
      const bytes = bytesOf(schema)
      return bytes ? `bytes, ${span(bytes.least, bytes.most)}` : "id"
    }
    case "pipe": {
      // A codec: bytes as base64url (JSON), or an id as raw bytes (MessagePack).
      const outside = defOf(def.in)?.type
      const bytes = bytesOf(outside === "string" ? def.out : def.in)
      if (outside === "string" && bytes) return `base64url of ${span(bytes.least, bytes.most)} bytes`
      return "id (16 bytes)"
    }
    default:
      throw new Error(`docs/protocol.md has no words for ${def?.type}`)
  }
}

export const isOptional = (schema: unknown): boolean => defOf(schema)?.type === "optional"
