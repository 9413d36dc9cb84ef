/** Leaving a group, or a revoked device: an entry that the house can read and the acting device has signed. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const postNotice = endpoint(routes.postNotice, async ({ request, params, caller, house }) => {
  const placed = await house.rooms.postNotice(params.room, request, caller)
  return placed.ok ? ok({ placed: placed.value }) : placed
})
