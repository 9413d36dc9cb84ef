/** docs/protocol.md and docs/openapi.json say what the schemas say, and every example in them is one that the schemas take. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import type { Route } from "@teahouse/protocol/http/route.ts"
import { decodeDown, decodeUp } from "@teahouse/protocol/wire.ts"
import { expect, test } from "vitest"
import * as z from "zod/mini"
import { protocolMarkdown, shown } from "./protocol/markdown.ts"
import { openapi } from "./protocol/openapi.ts"
import { allRoutes, frames } from "./protocol/tables.ts"

const docs = join(import.meta.dirname, "..", "docs")
const page = readFileSync(join(docs, "protocol.md"), "utf8")
const api = JSON.parse(readFileSync(join(docs, "openapi.json"), "utf8")) as ReturnType<typeof openapi>
const again = "run `node scripts/protocol-docs.ts`"

/** Info strings of the page's examples with what stands in them. */
const blocks = [...page.matchAll(/^```(\w+) (.+)\n([\s\S]*?)\n```$/gm)].map(
  ([, language = "", title = "", text = ""]) => ({ language, title, text }),
)
const ofRoutes = blocks.filter((block) => / (?:request|answer)$/.test(block.title))
const ofFrames = blocks.filter((block) => /^(?:up|down): /.test(block.title))

test("the page and the file are those of the schemas", () => {
  expect(page === protocolMarkdown(), again).toBe(true)
  expect(JSON.stringify(api) === JSON.stringify(openapi()), again).toBe(true)
})

test("the file is OpenAPI 3.1 by its own schema, and that schema finds what is wrong", async () => {
  const result = await new Validator().validate(structuredClone(api))
  expect(result.errors).toBeUndefined()
  expect(result.valid).toBe(true)
  const wrong = { ...structuredClone(api), paths: { house: { fetch: 1 } } }
  expect((await new Validator().validate(wrong)).valid).toBe(false)
})

test("every route has its answer, and its request where there is one, as an example that the route takes", () => {
  const wanted = Object.entries(allRoutes).flatMap(([name, route]) => [
    ...(route.request ? [`${name} request`] : []),
    `${name} answer`,
  ])
  expect(ofRoutes.map((block) => block.title).sort()).toEqual(wanted.sort())
  for (const { title, text } of ofRoutes) {
    const [name, part] = title.split(" ") as [string, string]
    const route = allRoutes[name] as Route
    const schema = (part === "request" ? route.request : route.response) as z.ZodMiniType
    expect(z.safeDecode(schema, JSON.parse(text)).error, title).toBeUndefined()
  }
})

test("every kind of frame is shown, and its bytes are the frame that stands beside them", () => {
  for (const way of ["up", "down"] as const)
    for (const { name } of frames(way))
      expect(
        ofFrames.some((block) => block.title.startsWith(`${way}: `) && block.text.includes(`"t": "${name}"`)),
        `${way} ${name}`,
      ).toBe(true)
  const bytes = ofFrames.filter((block) => block.language === "text")
  expect(bytes.length * 2).toBe(ofFrames.length)
  for (const { title, text } of bytes) {
    const raw = fromBase64url(text) as Uint8Array
    const frame = title.startsWith("up") ? decodeUp(raw) : decodeDown(raw)
    const beside = ofFrames.find((block) => block.language === "json" && block.title === title)
    expect(frame.ok && JSON.parse(shown(frame.value)), title).toEqual(JSON.parse(beside?.text ?? ""))
  }
})

test("the file's paths are the table's, and every name that it refers to is there", () => {
  const paths = api.paths as Record<string, Record<string, { operationId: string }>>
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map((one) => one.operationId))
  expect(ids.sort()).toEqual(Object.keys(allRoutes).sort())
  const { schemas } = api.components as { schemas: object }
  // A schema of nothing would take anything.
  expect(JSON.stringify(schemas)).not.toMatch(/":\{\}(?<!"properties":\{\})/)
  const refs = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
  expect(refs.length).toBeGreaterThan(0)
  for (const name of refs) expect(schemas).toHaveProperty([name as string])
})
