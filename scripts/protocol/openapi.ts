/** docs/openapi.json: the route table as OpenAPI 3.1. The schemas are made by Zod itself; ids are the one thing it cannot know. */
import { errors } from "@teahouse/protocol/error.ts"
import { numberParams, type Route } from "@teahouse/protocol/http/route.ts"
import { API } from "@teahouse/protocol/http.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import * as z from "zod/mini"
import { headOf } from "./comments.ts"
import { example } from "./example.ts"
import { accessWords } from "./markdown.ts"
import { isIdText } from "./schema-def.ts"
import { routesBySection, sections, shared, type Told } from "./tables.ts"

const ID = { type: "string", pattern: "^[A-Za-z0-9_-]{22}$" }
const NUMBER = { type: "integer", minimum: 0 }
const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

type Json = Record<string, unknown>

/** Shared by frames, which are not JSON. */
const framesOnly = new Set(["entry", "head"])

/** Every body and every shared object by name; what is inside of another refers to it. */
function schemas(told: readonly Told[]): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of shared) if (!framesOnly.has(id)) registry.add(schema as z.ZodMiniType, { id })
  for (const { name, route } of told) {
    // One body can be a shared object as a whole; it has that name then.
    if (route.request && !registry.has(route.request)) registry.add(route.request, { id: `${name}Request` })
    if (!registry.has(route.response)) registry.add(route.response, { id: `${name}Answer` })
  }
  names = (schema) => registry.get(schema)?.id ?? ""
  const made = z.toJSONSchema(registry, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => {
      if (isIdText(zodSchema)) Object.assign(jsonSchema, ID)
    },
  }).schemas as Record<string, Json>
  return Object.fromEntries(
    Object.entries(made).map(([name, { $schema: _, $id: __, id: ___, ...schema }]) => [name, schema]),
  )
}
let names: (schema: z.ZodMiniType) => string = () => ""

const content = (schema: z.ZodMiniType) => ({
  "application/json": { schema: refTo(names(schema)), example: example(schema) },
})

/** `:room` of the table is `{room}` here. */
const pathOf = (route: Route) => API + route.path.replace(/:(\w+)/g, "{$1}")

function parameters(route: Route, all: Json): Json[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: (numberParams as readonly string[]).includes(name) ? NUMBER : ID,
  }))
  if (route.method !== "GET" || !route.request) return inPath
  const query = all[names(route.request)] as { properties: Record<string, Json>; required?: string[] }
  const inQuery = Object.entries(query.properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: query.required?.includes(name) ?? false,
    schema,
  }))
  return [...inPath, ...inQuery]
}

function operation({ name, route, comment }: Told, tag: string, all: Json): Json {
  const asked = parameters(route, all)
  return {
    operationId: name,
    tags: [tag],
    description: [comment.text, `For: ${accessWords[route.access]}.`].filter(Boolean).join("\n\n"),
    ...(route.access === "none" ? { security: [] } : {}),
    ...(asked.length > 0 ? { parameters: asked } : {}),
    ...(route.request && route.method !== "GET"
      ? { requestBody: { required: true, content: content(route.request) } }
      : {}),
    responses: {
      200: { description: "Done", content: content(route.response) },
      default: { $ref: "#/components/responses/refusal" },
    },
  }
}

export function openapi(): Json {
  const bySection = routesBySection()
  const all = schemas([...bySection.values()].flat())
  const paths: Record<string, Json> = {}
  for (const [section, told] of bySection)
    for (const one of told) {
      const path = pathOf(one.route)
      paths[path] = {
        ...paths[path],
        [one.route.method.toLowerCase()]: operation(one, sections[section], all),
      }
    }
  return {
    openapi: "3.1.0",
    info: {
      title: "Teahouse",
      version: `${protocolVersion.major}.${protocolVersion.minor}`,
      description:
        "The HTTP part of the protocol, made from its schemas. docs/protocol.md has the socket and the refusals.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:8000", description: "A house on this machine" }],
    security: [{ session: [] }],
    tags: (Object.keys(sections) as (keyof typeof sections)[]).map((section) => ({
      name: sections[section],
      description: headOf(`http/${section}.ts`),
    })),
    paths,
    components: {
      securitySchemes: { session: { type: "http", scheme: "bearer" } },
      responses: {
        refusal: {
          description: `A refusal: its kind says which. Statuses: ${[
            ...new Set(Object.values(errors).map((one) => one.status)),
          ]
            .sort()
            .join(", ")}.`,
          content: { "application/json": { schema: refTo("refusal"), example: { kind: "not_signed_in" } } },
        },
      },
      schemas: all,
    },
  }
}
