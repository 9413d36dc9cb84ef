/**
 * HTTP without sockets: the real endpoints, found by the route table, asked in the order of packages/server/src/http/server.ts
 * (caller, rate, parameters, body, handler, answer's own schema). Whole requests come and whole answers go, as text.
 */
import { errors, type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Route, readParams } from "@teahouse/protocol/http/route.ts"
import { API, type RouteName } from "@teahouse/protocol/http.ts"
import { authorize } from "@teahouse/server/http/access.ts"
import { parseJson, parseQuery } from "@teahouse/server/http/body.ts"
import type { Endpoint } from "@teahouse/server/http/endpoint.ts"
import { endpoints } from "@teahouse/server/http/endpoints.ts"
import type { HouseParts } from "@teahouse/server/http/parts.ts"
import * as z from "zod/mini"

export type Request = {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
  readonly address: string
}
export type Answer = { readonly status: number; readonly text: string }

type Known = {
  readonly name: RouteName
  readonly endpoint: Endpoint<Route>
  readonly parts: readonly string[]
}
const known: readonly Known[] = Object.entries(endpoints).map(([name, endpoint]) => ({
  name: name as RouteName,
  endpoint: endpoint as unknown as Endpoint<Route>,
  parts: endpoint.route.path.split("/"),
}))

function find(method: string, path: string) {
  const parts = path.split("?", 1)[0]?.split("/") ?? []
  for (const one of known) {
    if (one.endpoint.route.method !== method || one.parts.length !== parts.length) continue
    if (!one.parts.every((part, i) => part.startsWith(":") || part === parts[i])) continue
    const named = one.parts.flatMap((part, i) =>
      part.startsWith(":") ? [[part.slice(1), parts[i] ?? ""]] : [],
    )
    return { ...one, params: readParams(Object.fromEntries(named)) }
  }
  return undefined
}

const refused = (refusal: Refusal): Answer => ({
  status: errors[refusal.kind].status,
  text: JSON.stringify(refusal),
})
const encoder = new TextEncoder()

export async function answer(house: HouseParts, request: Request): Promise<Answer> {
  const found = find(request.method, request.path.slice(API.length))
  if (!found) return refused(refuse("unknown_route"))
  const { route, handler, admit } = found.endpoint
  const caller = await authorize(house.db, route.access, request.authorization, house.now())
  if (!caller.ok) return refused(caller.error)
  const limited = caller.value?.device && house.rates.route(caller.value.device, found.name)
  if (limited) return refused(limited)
  const { params } = found
  if (!params) return refused(refuse("malformed"))
  const why = admit && (await admit({ params, caller: caller.value as never, house }))
  if (why) return refused(why)
  const data = route.method === "GET" ? parseQuery(request.path) : parseJson(encoder.encode(request.body))
  if (!data.ok) return refused(refuse(data.error))
  const parsed = route.request
    ? z.safeDecode(route.request, data.value as never)
    : { success: true as const, data: undefined }
  if (!parsed.success) return refused(refuse("malformed"))
  const result = await handler({
    request: parsed.data as undefined,
    params,
    caller: caller.value as never,
    address: request.address,
    house,
  })
  if (!result.ok) return refused(result.error)
  return { status: 200, text: JSON.stringify(z.encode(route.response, result.value)) }
}
