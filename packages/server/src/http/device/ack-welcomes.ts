/** These welcomes have been used, or never will be. */
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const ackWelcomes = endpoint(routes.ackWelcomes, async ({ request, caller, house }) => {
  const done = await house.db.write("room.ackWelcomes", { device: caller.device, ids: request.ids })
  return done.ok ? ok({}) : done
})
