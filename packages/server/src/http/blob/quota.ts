import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const quota = endpoint(routes.quota, async ({ caller, house }) =>
  ok(await house.blobs.quota(caller.user)),
)
