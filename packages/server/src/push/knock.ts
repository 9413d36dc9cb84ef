/** One request to a push service: no body, a short life, and one place in the queue (RFC 8030). Never throws. */
import { request as plainRequest } from "node:http"
import { request } from "node:https"
import { publicLookup } from "./endpoint.ts"
import type { Vapid } from "./vapid.ts"

/** How long a service keeps trying to reach the device, s: a day later the person has looked by themselves. */
const TTL_S = 86_400
const PATIENCE_MS = 10_000

/** `gone`: the subscription is no more. `later`: not now; `ms` where the service said when. */
export type Knocked =
  | { readonly kind: "taken" }
  | { readonly kind: "gone" }
  | { readonly kind: "later"; readonly ms?: number }

export type Knock = (endpoint: URL) => Promise<Knocked>

export const knocker =
  (vapid: Vapid, now: () => number, trusted: readonly string[]): Knock =>
  (endpoint) =>
    new Promise((resolve) => {
      const named = trusted.includes(endpoint.origin)
      const open = endpoint.protocol === "https:" ? request : plainRequest
      const sent = open(endpoint, {
        method: "POST",
        agent: false,
        timeout: PATIENCE_MS,
        ...(named ? {} : { lookup: publicLookup }),
        headers: {
          authorization: vapid.authorization(endpoint, now()),
          ttl: String(TTL_S),
          urgency: "high",
          // What was not delivered yet is replaced: one wake is as good as ten.
          topic: "teahouse",
          "content-length": "0",
        },
      })
      const limit = setTimeout(() => sent.destroy(), PATIENCE_MS)
      sent.on("response", (answer) => {
        const status = answer.statusCode ?? 0
        const after = Number(answer.headers["retry-after"])
        answer.destroy()
        clearTimeout(limit)
        if (status === 404 || status === 410) resolve({ kind: "gone" })
        else if (status >= 200 && status < 300) resolve({ kind: "taken" })
        else resolve({ kind: "later", ...(after > 0 && after < TTL_S ? { ms: after * 1000 } : {}) })
      })
      const fail = () => {
        clearTimeout(limit)
        resolve({ kind: "later" })
      }
      sent.on("error", fail)
      sent.on("timeout", () => sent.destroy())
      sent.on("close", fail)
      sent.end()
    })
