/** A new password's OPAQUE registration, first half. Nothing is stored. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const passwordStart = endpoint(routes.passwordStart, async ({ request, caller, house }) => {
  const made = house.opaque.register(caller.user, request.request)
  return made.ok ? ok({ response: made.value }) : err(refuse(made.error))
})
