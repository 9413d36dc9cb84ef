/**
 * Uploads: the core of tus 1.0 with creation, expiration and termination (tus.io/protocols/resumable-upload), as http/blob.ts
 * of the protocol describes it. Written here and not taken from a library: what is needed is a page, and a library would
 * bring its own stores, locks and answers beside the house's (docs/decisions).
 * Length is mandatory and there is no concatenation, so that a quota is known before the first byte comes.
 */
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { FILE_MAX_BYTES, TUS_VERSION, UPLOAD_TYPE, UPLOADS_PATH } from "@teahouse/protocol/http/blob.ts"
import { API } from "@teahouse/protocol/http.ts"
import { type Id, idFrom, isId } from "@teahouse/protocol/ids.ts"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Upload } from "../../blob/blobs.ts"
import { authorize } from "../access.ts"
import { send } from "../answer.ts"
import type { Caller } from "../endpoint.ts"
import type { HouseParts } from "../parts.ts"

const callers = new WeakMap<FastifyRequest, Caller>()
const callerOf = (request: FastifyRequest): Caller => callers.get(request) as Caller
const EXTENSIONS = "creation,expiration,termination"

export function mountUploads(app: FastifyInstance, house: HouseParts): void {
  const { blobs } = house
  const path = API + UPLOADS_PATH
  const admit = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("tus-resumable", TUS_VERSION)
    const caller = await authorize(house.db, "device", request.headers.authorization, house.now())
    if (!caller.ok) return send(reply, caller.error)
    callers.set(request, caller.value as Caller)
    if (request.headers["tus-resumable"] !== TUS_VERSION) {
      reply.header("tus-version", TUS_VERSION)
      return send(reply, refuse("unsupported_version"), 412)
    }
    const { blob } = request.params as { blob?: string }
    if (blob !== undefined && !isId(blob)) return send(reply, refuse("unknown_blob"))
  }
  const blobOf = (request: FastifyRequest): Id => (request.params as { blob: Id }).blob

  app.options(path, async (_request, reply) =>
    reply
      .headers({
        "tus-resumable": TUS_VERSION,
        "tus-version": TUS_VERSION,
        "tus-extension": EXTENSIONS,
        "tus-max-size": Math.min(house.limits.fileBytes, FILE_MAX_BYTES),
      })
      .code(204)
      .send(),
  )

  app.route({
    method: "POST",
    url: path,
    onRequest: admit,
    handler: async (request, reply) => {
      const size = whole(request.headers["upload-length"])
      const about = metadata(request.headers["upload-metadata"])
      const blob = about.get("blob")
      const tokenHash = about.get("token")
      if (size === undefined || size < 1 || blob?.length !== 16 || tokenHash?.length !== 32)
        return send(reply, refuse("malformed"))
      const made = await blobs.create(idFrom(blob), callerOf(request).user, tokenHash, size)
      if (!made.ok) return send(reply, made.error)
      reply.header("location", `${path}/${made.value.blob}`)
      return tell(reply, made.value).code(201).send()
    },
  })

  app.route({
    method: "HEAD",
    url: `${path}/:blob`,
    onRequest: admit,
    handler: async (request, reply) => {
      const found = await blobs.find(blobOf(request), callerOf(request).user)
      if (!found.ok) return send(reply, found.error)
      return tell(reply, found.value).header("upload-length", found.value.size).code(200).send()
    },
  })

  app.route({
    method: "DELETE",
    url: `${path}/:blob`,
    onRequest: admit,
    handler: async (request, reply) => {
      const dropped = await blobs.drop(blobOf(request), callerOf(request).user)
      return dropped.ok ? reply.code(204).send() : send(reply, dropped.error)
    },
  })

  // Bodies are streams here, and here only.
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(UPLOAD_TYPE, (_request, body, done) => done(null, body))
    scope.route({
      method: "PATCH",
      url: `${path}/:blob`,
      bodyLimit: Number.MAX_SAFE_INTEGER,
      onRequest: admit,
      handler: async (request, reply) => {
        const offset = whole(request.headers["upload-offset"])
        const body = request.body as AsyncIterable<Uint8Array> | undefined
        if (offset === undefined || !body) return send(reply, refuse("malformed"))
        const end = () => void request.raw.destroy()
        const received = await blobs.receive(blobOf(request), callerOf(request).user, offset, body, end)
        // What was not read of the body would be taken for the next request.
        if (!request.raw.complete) reply.header("connection", "close")
        if (!received.ok) return send(reply, received.error)
        return tell(reply, received.value).code(204).send()
      },
    })
    done()
  })
}

function tell(reply: FastifyReply, { stored, size, expires }: Upload): FastifyReply {
  reply.header("upload-offset", stored)
  return stored < size ? reply.header("upload-expires", new Date(expires).toUTCString()) : reply
}

function whole(header: string | string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d{1,13}$/.test(header) ? Number(header) : undefined
}

/** `key base64, key base64`; keys once, values strictly base64. */
function metadata(header: string | string[] | undefined): ReadonlyMap<string, Uint8Array> {
  const out = new Map<string, Uint8Array>()
  if (typeof header !== "string" || header.length > 1024) return out
  for (const pair of header.split(",")) {
    const [, key, text] = /^ *([a-z]+) ([A-Za-z0-9+/]+)=*$/.exec(pair) ?? []
    const value = text && fromBase64url(text.replaceAll("+", "-").replaceAll("/", "_"))
    if (key && value && !out.has(key)) out.set(key, value)
  }
  return out
}
