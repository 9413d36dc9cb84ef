/** The current GroupInfo with its tree: what a welcome needs, and what a device without a leaf joins by. */
import { routes } from "@teahouse/protocol/http.ts"
import { endpoint } from "../endpoint.ts"

export const groupInfo = endpoint(routes.groupInfo, ({ params, caller, house }) =>
  house.rooms.groupInfoOf(params.room, caller),
)
