/**
 * The content lock: a change of what is sealed must be seen, because ciphertext is for ever. Whoever changes a schema
 * raises CONTENT_VERSION where an older reader would misunderstand, adds a line here, and keeps the golden bytes readable.
 */
import { toBase64url, utf8 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { expect, test } from "vitest"
import * as z from "zod/mini"
import { decodeFirstLine, encodeFirstLine, firstLine } from "./first-line.ts"
import { anyKind, decodeContent, encodeContent, known } from "./message.ts"
import { contactRecord, profileRecord, readPosition, settings } from "./notebook.ts"
import { CONTENT_VERSION } from "./version.ts"

const history: Record<number, string> = {
  /**
   * 1: text, profile, first line, settings, read position, contact.
   *    Since then: card, which a reader that does not know it passes over.
   */
  1: "hp2ROq-524ptBWmyiFbZPJhxo4xt8I4rxQiAK1yzv8A",
}

function fingerprint(): string {
  const shape = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })
  const all = [known, anyKind, firstLine, settings, readPosition, contactRecord, profileRecord].map(shape)
  return toBase64url(sha256(utf8(JSON.stringify(all))))
}

test("the schemas are those of this version", () => {
  expect(fingerprint()).toBe(history[CONTENT_VERSION])
})

const at = { seq: 7, hash: new Uint8Array(32).fill(9) }

test("golden: what was sealed in version 1 is read for ever", () => {
  const bytes = encodeContent({ kind: "text", text: "你好 tea" }, at)
  expect(toBase64url(bytes)).toBe(
    "hKF2AaRzZWVugqNzZXEHpGhhc2jEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJpGtpbmSkdGV4dKR0ZXh0quS9oOWlvSB0ZWE",
  )
  expect(decodeContent(bytes)).toEqual({ v: 1, kind: "text", text: "你好 tea", seen: at })
})

test("a kind from the future shows its alternative, or nothing", () => {
  const future = (more: object) => decodeContent(encodeContent({ kind: "poll", ...more } as never, at))
  expect(future({ options: 3, alt: "A poll" })).toEqual({ kind: "unknown", seen: at, alt: "A poll" })
  expect(future({})).toEqual({ kind: "unknown", seen: at })
})

test("a newer version of a known kind is unknown; a broken known kind is refused", () => {
  const newer = encodeContent({ kind: "text", text: "x", v: 99 } as never, at)
  expect(decodeContent(newer)?.kind).toBe("unknown")
  expect(decodeContent(encodeContent({ kind: "text", text: "" }, at))).toBeUndefined()
  expect(decodeContent(encodeContent({ kind: "text", text: "茶".repeat(30_000) }, at))).toBeUndefined()
  expect(decodeContent(utf8("garbage"))).toBeUndefined()
})

test("a first line is cut between characters", () => {
  const line = decodeFirstLine(
    encodeFirstLine({ line: "茶".repeat(400), nickname: "n", key: new Uint8Array(32) }),
  )
  expect(utf8(line?.line ?? "").length).toBe(1023)
})
