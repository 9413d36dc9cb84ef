/** An admin says no, or whoever asked takes it back. */
import { routes } from "@teahouse/protocol/http.ts"
import { endpoint } from "../endpoint.ts"

export const declineJoin = endpoint(routes.declineJoin, ({ params, caller, house }) =>
  house.rooms.joins.decline(params.request, caller),
)
