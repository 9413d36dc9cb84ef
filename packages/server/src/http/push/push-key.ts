/** By which key push services know this house. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const pushKey = endpoint(routes.pushKey, async ({ house }) => ok({ key: house.vapid.publicKey }))
