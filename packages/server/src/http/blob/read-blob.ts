/**
 * Reading a blob: ciphertext, for whoever has a device and the token from inside the message. Nothing about it may be guessed
 * or run by a browser, and nothing may keep it: plain bytes, sandboxed, not stored. No such blob and a wrong token answer alike.
 */
import { Readable } from "node:stream"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { BLOBS_PATH, READ_TOKEN_BYTES, READ_TOKEN_HEADER } from "@teahouse/protocol/http/blob.ts"
import { API } from "@teahouse/protocol/http.ts"
import { isId } from "@teahouse/protocol/ids.ts"
import { rangeOf } from "@teahouse/protocol/range.ts"
import type { FastifyInstance } from "fastify"
import { authorize } from "../access.ts"
import { send } from "../answer.ts"
import type { HouseParts } from "../parts.ts"
import { begun } from "./begun.ts"

export function mountBlobs(app: FastifyInstance, house: HouseParts): void {
  app.get(`${API}${BLOBS_PATH}/:blob`, async (request, reply) => {
    const { authorization, range } = request.headers
    const caller = await authorize(house.db, "device", authorization, house.now())
    if (!caller.ok) return send(reply, caller.error)
    const { blob } = request.params as { blob: string }
    const token = fromBase64url(String(request.headers[READ_TOKEN_HEADER] ?? ""))
    if (!isId(blob) || token?.length !== READ_TOKEN_BYTES) return send(reply, refuse("unknown_blob"))
    const found = await house.blobs.open(blob, token)
    if (!found.ok) return send(reply, found.error)
    const { size } = found.value
    const part = rangeOf(range, size)
    const { from, to } = part === "unsatisfiable" || !part ? { from: 0, to: size } : part
    const bytes = part === "unsatisfiable" ? undefined : await begun(house.blobs.read(blob, from, to))
    if (bytes === "away") return send(reply, refuse("unavailable"))
    reply.headers({
      "content-type": "application/octet-stream",
      "content-security-policy": "sandbox; default-src 'none'",
      "content-disposition": "attachment",
      "cache-control": "no-store",
      "accept-ranges": "bytes",
    })
    if (part === "unsatisfiable" || !bytes)
      return reply.code(416).header("content-range", `bytes */${size}`).type("text/plain").send("")
    if (part) reply.code(206).header("content-range", `bytes ${from}-${to - 1}/${size}`)
    reply.header("content-length", to - from)
    return reply.send(Readable.from(bytes, { objectMode: false }))
  })
}
