/**
 * The router, made from the protocol's route table. For every request, in this order: headers, Host and Origin, the
 * address's rate, the caller — and only then the body, so that nobody makes us read 4 MiB who may not send them. Then one
 * strict parse, the handler, and the answer through the route's own schema: a field that the schema does not know cannot
 * leave the house by mistake.
 */

import { randomUUID } from "node:crypto"
import { type ErrorKind, refuse } from "@teahouse/protocol/error.ts"
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import { type Route, readParams } from "@teahouse/protocol/http/route.ts"
import { API, type RouteName, type Routes, routes } from "@teahouse/protocol/http.ts"
import { decodeNewer } from "@teahouse/protocol/newer.ts"
import { isNewer, protocolVersion, readVersion, speaks, VERSION_HEADER } from "@teahouse/protocol/version.ts"
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify"
import * as z from "zod/mini"
import { trace } from "../ops/log.ts"
import { authorize } from "./access.ts"
import { adminEndpoints } from "./admin/endpoints.ts"
import { send } from "./answer.ts"
import { mountBlobs } from "./blob/read-blob.ts"
import { mountUploads } from "./blob/uploads.ts"
import { parseJson, parseQuery } from "./body.ts"
import type { Edge } from "./edge.ts"
import type { Endpoint, SessionCaller } from "./endpoint.ts"
import { bareHeaders, setHeaders } from "./headers.ts"
import type { HouseParts } from "./parts.ts"
import { networkOf } from "./rates.ts"
import type { StaticFiles } from "./static.ts"
import { UnderWay } from "./under-way.ts"

/** One endpoint for each route, none missing. */
export type EndpointTable = { readonly [Name in RouteName]: Endpoint<Routes[Name]> }

export type ServerOptions = {
  readonly endpoints: EndpointTable
  readonly house: HouseParts
  readonly edge: Edge
  readonly files: StaticFiles
  /** False while starting up, shutting down, or unable to read the database. */
  readonly ready: () => Promise<boolean>
  /** What is not as it should be, although the house serves: a line each for who looks at `/readyz`. */
  readonly notes?: () => readonly string[]
  /** For https; without it the house speaks http. */
  readonly tls?: { readonly cert?: string; readonly key?: string }
  /** Whether browsers may be asked to come by https alone: not with a certificate that they do not know. */
  readonly insists?: () => boolean
}

/** What proxies add: any of them means that somebody else than this machine may be speaking. */
const forwarding = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
]

/**
 * Who has not signed in: bytes of one body (registering takes some 12,000), and of all bodies that one network has begun to send and not
 * ended. They are held in memory until they are whole, and whoever holds back the last byte has two minutes.
 */
const OPEN_BYTES = 32 * 1024
const STRANGER_BYTES = 4 * 1024 * 1024

/** Requests are parsed and answers written by endpoint.ts: without this Fastify loads two compilers of JSON schemas, a hundred modules. */
const noSchemas = () => () => {
  throw new Error("no route has a schema of Fastify's")
}

const callers = new WeakMap<FastifyRequest, SessionCaller>()
const names = new WeakMap<FastifyRequest, string>()

export function createServer({
  endpoints,
  house,
  edge,
  files,
  ready,
  notes,
  tls,
  insists = () => true,
}: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    ...(tls ? { https: { ...tls, minVersion: "TLSv1.2" } } : {}),
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false,
    bodyLimit: house.limits.requestBytes,
    requestTimeout: 120_000,
    // Under a minute: what lies between us and the browser often gives up on an idle connection after that.
    keepAliveTimeout: 55_000,
    forceCloseConnections: "idle",
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { maxParamLength: 64, querystringParser: () => ({}) },
    // Bytes that are no HTTP have no request to answer to: the answer goes to the socket.
    clientErrorHandler(error, socket) {
      const gone = "code" in error && error.code === "ECONNRESET"
      if (gone || !socket.writable) socket.destroy()
      else socket.end(malformedBytes)
    },
    // A path that cannot be decoded never reaches the hooks.
    frameworkErrors: (_error, request, reply) =>
      send(reply, refuse(dress(edge, request, reply, insists()) ?? "malformed")),
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  )

  app.addHook("onRequest", async (request, reply) => {
    const problem = dress(edge, request, reply, insists())
    if (problem) return send(reply, refuse(problem))
    if (forwarding.some((name) => request.headers[name] !== undefined)) house.registration.forwarded()
    const limited = house.rates.request(house.clientAddress(request.raw))
    if (limited) return send(reply, limited)
  })

  // A connection that was busy when closing began is idle after its answer; kept alive, it would hold the house open.
  app.addHook("preClose", async () => {
    const sweep = setInterval(() => app.server.closeIdleConnections(), 100)
    app.server.once("close", () => clearInterval(sweep))
  })

  app.addHook("onResponse", async (request, reply) => {
    const route = names.get(request) ?? "other"
    house.metrics.requests.value += 1
    if (reply.statusCode >= 500) house.metrics.requestsFailed.value += 1
    house.log.debug({ req: request.id, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) })
  })

  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    const kind = kindOf(error)
    if (kind === "internal")
      house.log.error({ req: request.id, route: names.get(request), ...trace(error) }, "request failed")
    return send(reply, refuse(kind))
  })

  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    if (path === API || path.startsWith(`${API}/`)) return send(reply, refuse("unknown_route"))
    return files.answer(request, reply, path)
  })

  app.get("/livez", async (_request, reply) => reply.header("cache-control", "no-store").send("ok\n"))
  app.get("/readyz", async (_request, reply) => {
    const isReady = await ready()
    reply.header("cache-control", "no-store").code(isReady ? 200 : 503)
    return [isReady ? "ready" : "not ready", ...(notes?.() ?? []), ""].join("\n")
  })

  const underWay = {
    devices: new UnderWay(house.limits.deviceBodyBytes),
    strangers: new UnderWay(STRANGER_BYTES),
  }
  const all = { ...endpoints, ...adminEndpoints } as Record<string, unknown>
  for (const name of Object.keys({ ...routes, ...adminRoutes }) as RouteName[]) {
    const found = all[name] as Endpoint | undefined
    if (!found) throw new Error(`the route ${name} has no handler`)
    // The table's type ties each handler to its own route; here they are all alike.
    mount(app, name, found as unknown as Endpoint<Route>, house, underWay)
  }
  mountUploads(app, house)
  mountBlobs(app, house)
  return app
}

/** Sets the headers that every answer carries; says whether Host and Origin are right. */
function dress(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  insists: boolean,
): ErrorKind | undefined {
  const problem = edge.check(request.raw)
  const host = problem === undefined ? request.headers.host?.toLowerCase() : undefined
  setHeaders(request.raw, reply.raw, host, { secure: edge.secure(request.raw), insists })
  reply.header("x-request-id", request.id)
  return problem
}

function mount(
  app: FastifyInstance,
  name: RouteName,
  { route, handler, admit }: Endpoint<Route>,
  house: HouseParts,
  underWay: { readonly devices: UnderWay; readonly strangers: UnderWay },
): void {
  const most =
    route.maxBytes ?? (route.access === "none" ? Math.min(OPEN_BYTES, house.limits.requestBytes) : 0)
  app.route({
    method: route.method,
    url: API + route.path,
    bodyLimit: most || house.limits.requestBytes,
    onRequest: async (request, reply) => {
      names.set(request, name)
      const version = versionOf(request)
      if (version === undefined) return send(reply, refuse("malformed"))
      // Which version this house has is told to every one.
      if (version && !speaks(version) && name !== "house") return send(reply, refuse("unsupported_version"))
      const caller = await authorize(house.db, route.access, request.headers.authorization, house.now())
      if (!caller.ok) return send(reply, caller.error)
      const said = Number(request.headers["content-length"] ?? most)
      const reads = (bodies: UnderWay, whose: string) => {
        const end = bodies.begin(whose, Math.min(said, most))
        if (!end) return send(reply, refuse("rate_limited", { retryAfterMs: 1000 }))
        reply.raw.once("finish", end).once("close", end)
      }
      if (!caller.value) {
        if (route.method !== "GET")
          return reads(underWay.strangers, networkOf(house.clientAddress(request.raw)))
        return
      }
      callers.set(request, caller.value)
      const limited = house.rates.route(caller.value.device ?? caller.value.user, name)
      if (limited) return send(reply, limited)
      const params = readParams(request.params as Record<string, string>)
      // Ids that are none are refused below, in the same way on every route.
      const why = admit && params && (await admit({ params, caller: caller.value as unknown as null, house }))
      if (why) return send(reply, why)
      if (most <= house.limits.requestBytes || !caller.value.device) return
      return reads(underWay.devices, caller.value.device)
    },
    handler: async (request, reply) => {
      const params = readParams(request.params as Record<string, string>)
      if (!params) return send(reply, refuse("malformed"))
      const data = route.method === "GET" ? parseQuery(request.url) : parseJson(bodyOf(request))
      if (!data.ok) return send(reply, refuse(data.error))
      const parsed = parse(route, data.value, isNewer(versionOf(request) || protocolVersion))
      if (!parsed.success) return send(reply, refuse("malformed"))
      const result = await handler({
        request: parsed.data as undefined,
        params,
        caller: (callers.get(request) ?? null) as null,
        address: house.clientAddress(request.raw),
        house,
      })
      if (!result.ok) return send(reply, result.error)
      return reply.send(z.encode(route.response, result.value))
    },
  })
}

/** A route without a request takes nothing: an empty body, {} or no query. Of a newer client, nothing that is known here. */
const parse = (route: Route, data: unknown, newer: boolean) => {
  if (route.request)
    return newer ? decodeNewer(route.request, data) : z.safeDecode(route.request, data as never)
  return newer || Object.keys(data ?? { null: 1 }).length === 0
    ? ({ success: true, data: undefined } as const)
    : ({ success: false } as const)
}

/** null: it says none, and is taken for one of ours. undefined: what it says is none. */
const versionOf = ({ headers: { [VERSION_HEADER]: said } }: FastifyRequest) =>
  said === undefined ? null : readVersion(String(said))

const malformedBytes = ((body: string) =>
  [
    "HTTP/1.1 400 Bad Request",
    "connection: close",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    ...bareHeaders,
    "",
    body,
  ].join("\r\n"))(JSON.stringify(refuse("malformed")))

const bodyOf = (request: FastifyRequest): Uint8Array =>
  request.body instanceof Uint8Array ? request.body : new Uint8Array()

const pathOf = (request: FastifyRequest): string => request.url.split("?", 1)[0] as string

function kindOf(error: { code?: string; statusCode?: number }): ErrorKind {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return "too_large"
  return error.statusCode !== undefined && error.statusCode < 500 ? "malformed" : "internal"
}
