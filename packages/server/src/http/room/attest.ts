/** What a device has seen after adopting a commit, signed by it, so that a joiner need not take the house's word. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const attest = endpoint(routes.attest, async ({ request, params, caller, house }) => {
  const done = await house.rooms.attest(params.room, request, caller)
  return done.ok ? ok({}) : done
})
