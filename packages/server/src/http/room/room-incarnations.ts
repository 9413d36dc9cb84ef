/** What a restored house has kept of this room, signed (SECURITY R5). */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const roomIncarnations = endpoint(routes.roomIncarnations, async ({ params, caller, house }) => {
  const incarnations = await house.rooms.incarnations(params.room, caller)
  return incarnations.ok ? ok({ incarnations: incarnations.value }) : incarnations
})
