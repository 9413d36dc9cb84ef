/** A commit with what becomes true together with it. Judged first, then placed only if the room is still in that epoch. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const postCommit = endpoint(
  routes.postCommit,
  async ({ request, params, caller, house }) => {
    const placed = await house.rooms.postCommit(params.room, request, caller)
    return placed.ok ? ok({ placed: placed.value }) : placed
  },
  {
    // Four megabytes are not read from somebody who is not in the room.
    admit: async ({ params, caller, house }) =>
      (await house.rooms.concerns(params.room, caller)) ? undefined : refuse("unknown_room"),
  },
)
