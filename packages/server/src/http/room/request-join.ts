/** Asks to be let in by a link. Checked here as members will check it, so that nobody is troubled with what cannot hold. */
import { routes } from "@teahouse/protocol/http.ts"
import { endpoint } from "../endpoint.ts"

export const requestJoin = endpoint(routes.requestJoin, ({ request, params, caller, house }) =>
  house.rooms.joins.ask(params.room, params.link, request, caller),
)
