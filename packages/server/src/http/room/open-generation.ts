/** A room's next generation, after a complaint. Judged first, then placed only if the room still is where it was judged. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const openGeneration = endpoint(
  routes.openGeneration,
  async ({ request, params, caller, house }) => {
    const placed = await house.rooms.openGeneration(params.room, request, caller)
    return placed.ok ? ok({ placed: placed.value }) : placed
  },
  {
    admit: async ({ params, caller, house }) =>
      (await house.rooms.concerns(params.room, caller)) ? undefined : refuse("unknown_room"),
  },
)
