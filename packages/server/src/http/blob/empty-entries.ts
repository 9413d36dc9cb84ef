import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const emptyEntries = endpoint(routes.emptyEntries, async ({ request, params, caller, house }) => {
  const emptied = await house.blobs.empty(params.room, caller.user, request.seqs, request.reason)
  return emptied.ok ? ok({}) : emptied
})
