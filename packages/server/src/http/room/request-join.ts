/** Asks to be let in by a link. Checked here as members will check it, so that nobody is troubled with what cannot hold. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err } from "@teahouse/protocol/result.ts"
import { isBot } from "../../bot/find.ts"
import { endpoint } from "../endpoint.ts"

export const requestJoin = endpoint(routes.requestJoin, async ({ request, params, caller, house }) =>
  (await isBot(house.db, caller.user))
    ? err(refuse("not_for_bots"))
    : house.rooms.joins.ask(params.room, params.link, request, caller),
)
