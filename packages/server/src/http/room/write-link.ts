/** The sealed name and picture that a join link shows. */
import { routes } from "@teahouse/protocol/http.ts"
import { endpoint } from "../endpoint.ts"

export const writeLink = endpoint(routes.writeLink, ({ request, params, caller, house }) =>
  house.rooms.joins.write(params.room, params.link, request.preview, caller),
)
