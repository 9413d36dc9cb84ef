/** How a refusal is answered, the same for every route. */
import { errors, type Refusal } from "@teahouse/protocol/error.ts"
import type { FastifyReply } from "fastify"

/** `status`: where another protocol (tus) asks for its own. */
export function send(reply: FastifyReply, refusal: Refusal, status?: number): FastifyReply {
  if (refusal.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(refusal.retryAfterMs / 1000))
  return reply
    .code(status ?? errors[refusal.kind].status)
    .type("application/json; charset=utf-8")
    .send(refusal)
}
